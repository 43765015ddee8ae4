"""Parsing of expressions, by recursive descent: one method a level of precedence, loosest first."""

from __future__ import annotations

import decimal
import math

from pocket_ksql.decimals import EXACT
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.statements import MILLISECONDS
from pocket_ksql.language.type_parser import TypeParser

_LARGEST = 1 << 63
"""The largest whole number that can follow a minus sign."""
_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_UNITS = frozenset(MILLISECONDS) | frozenset(unit.removesuffix("S") for unit in MILLISECONDS)


class ExpressionParser(TypeParser):
    """Parser of expressions."""

    _lambda_names: tuple[str, ...] = ()

    def expression(self) -> Expression:
        left = self._conjunction()
        while self.at("OR"):
            location = self.advance().location
            left = ex.Logical("OR", left, self._conjunction(), location=location)
        return left

    def _conjunction(self) -> Expression:
        left = self._negation()
        while self.at("AND"):
            location = self.advance().location
            left = ex.Logical("AND", left, self._negation(), location=location)
        return left

    def _negation(self) -> Expression:
        if self.at("NOT"):
            location = self.advance().location
            return ex.Not(self._negation(), location=location)
        return self._predicate()

    def _predicate(self) -> Expression:
        value = self._sum()
        while True:
            location = self.token.location
            if self.token.kind == "operator" and self.token.value in _COMPARISONS:
                operator = _COMPARISONS[self.advance().value]
                value = ex.Comparison(operator, value, self._sum(), location=location)
            elif self.accept("IS"):
                value = self._is(value, location)
            elif self.at("NOT", "BETWEEN") or self.at("NOT", "IN") or self.at("NOT", "LIKE"):
                self.advance()
                value = ex.Not(self._tested(value), location=location)
            elif self.at("BETWEEN") or self.at("IN") or self.at("LIKE"):
                value = self._tested(value)
            else:
                return value

    def _is(self, value: Expression, location: ex.Location) -> Expression:
        negated = self.accept("NOT")
        if self.accept("NULL"):
            return ex.IsNull(value, negated, location=location)
        self.expect("DISTINCT", "FROM")
        operator = "IS NOT DISTINCT FROM" if negated else "IS DISTINCT FROM"
        return ex.Comparison(operator, value, self._sum(), location=location)

    def _tested(self, value: Expression) -> Expression:
        location = self.token.location
        if self.accept("BETWEEN"):
            low = self._sum()
            self.expect("AND")
            return ex.Between(value, low, self._sum(), location=location)
        if self.accept("IN"):
            return ex.InList(value, self.enclosed(self.expression), location=location)
        self.expect("LIKE")
        pattern = self._sum()
        escape = self._escape() if self.accept("ESCAPE") else None
        return ex.Like(value, pattern, escape, location=location)

    def _escape(self) -> str:
        """One character."""
        place = self.token.location
        text = self.string()
        if len(text) != 1:
            raise KsqlStatementError(
                f"line {place.line}:{place.column}: Expected exactly one character for ESCAPE, but got '{text}'"
            )
        return text

    def _sum(self) -> Expression:
        left = self._product()
        while self.at("+") or self.at("-") or self.at("||"):
            token = self.advance()
            right = self._product()
            if token.value == "||":
                left = ex.Call("CONCAT", (left, right), location=token.location)
            else:
                left = ex.Arithmetic(token.value, left, right, location=token.location)
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while self.at("*") or self.at("/") or self.at("%"):
            token = self.advance()
            left = ex.Arithmetic(token.value, left, self._signed(), location=token.location)
        return left

    def _signed(self) -> Expression:
        if not (self.at("-") or self.at("+")):
            return self._accessed()
        token = self.advance()
        value = self._signed()
        if token.value == "-" and isinstance(value, ex.IntegerLiteral | ex.DoubleLiteral):
            return type(value)(-value.value, location=token.location)  # type: ignore[arg-type]
        if token.value == "-" and isinstance(value, ex.DecimalLiteral):
            return ex.DecimalLiteral(EXACT.minus(value.value), location=token.location)
        return ex.Sign(token.value, value, location=token.location)

    def _accessed(self) -> Expression:
        value = self._primary()
        while True:
            location = self.token.location
            if self.accept("["):
                value = ex.Subscript(value, self._sum(), location=location)
                self.expect("]")
            elif self.at("->") and not self.at("->", "*"):
                self.advance()
                value = ex.Dereference(value, self.name(), location=location)
            else:
                return value

    def _primary(self) -> Expression:
        token = self.token
        if (literal := self._literal()) is not None:
            return literal
        if self.accept("("):
            value = self.expression()
            self.expect(")")
            return value
        if self.at("CASE"):
            return self._case()
        if self.accept("CAST", "("):
            value = self.expression()
            self.expect("AS")
            target = self.type()
            self.expect(")")
            return ex.Cast(value, target, location=token.location)
        if self.at("ARRAY", "["):
            return self._array()
        if self.at("MAP", "("):
            return self._map()
        if self.at("STRUCT", "("):
            return self._struct()
        if self.ahead().value == "(" and token.kind in ("word", "quoted", "digits"):
            return self._call()
        return self._column()

    def _literal(self) -> Expression | None:
        token = self.token
        location = token.location
        match token.kind:
            case "integer":
                self.advance()
                if int(token.text) > _LARGEST - (self.tokens[self.index - 2].value != "-"):
                    raise self._literal_error("Invalid numeric literal")
                return ex.IntegerLiteral(int(token.text), location=location)
            case "decimal":
                self.advance()
                return ex.DecimalLiteral(decimal.Decimal(token.text), location=location)
            case "double":
                self.advance()
                if math.isinf(float(token.text)):
                    raise self._literal_error("Number overflows DOUBLE")
                return ex.DoubleLiteral(float(token.text), location=location)
            case "string":
                self.advance()
                return ex.StringLiteral(token.value, location=location)
            case "word" if token.value == "NULL":
                self.advance()
                return ex.NullLiteral(location=location)
            case "word" if token.value in ("TRUE", "FALSE"):
                self.advance()
                return ex.BooleanLiteral(token.value == "TRUE", location=location)
        return None

    def _literal_error(self, what: str) -> KsqlStatementError:
        """The refusal of the number that was just read, its minus sign included."""
        token, before = self.tokens[self.index - 1], self.tokens[self.index - 2]
        first = before if before.value == "-" and before.end == token.start else token
        column = first.column + 1  # ksqlDB counts the places of numbers from two
        return KsqlStatementError(f"line {first.line}:{column}: {what}: {self.text[first.start : token.end]}")

    def _case(self) -> Expression:
        location = self.advance().location
        operand = None if self.at("WHEN") else self.expression()
        whens = []
        while self.at("WHEN"):
            start = self.advance().location
            condition = self.expression()
            self.expect("THEN")
            whens.append(ex.When(condition, self.expression(), location=start))
        if not whens:
            self.fail("WHEN")
        default = self.expression() if self.accept("ELSE") else None
        self.expect("END")
        return ex.Case(operand, tuple(whens), default, location=location)

    def _array(self) -> Expression:
        location = self.advance().location
        self.expect("[")
        items = () if self.at("]") else self.listed(self.expression)
        self.expect("]")
        return ex.CreateArray(items, location=location)

    def _map(self) -> Expression:
        location = self.advance().location
        return ex.CreateMap(self.enclosed(self._map_entry, empty=True), location=location)

    def _map_entry(self) -> tuple[Expression, Expression]:
        key = self.expression()
        self.expect(":=")
        return key, self.expression()

    def _struct(self) -> Expression:
        location = self.advance().location
        return ex.CreateStruct(self.enclosed(self._struct_field, empty=True), location=location)

    def _struct_field(self) -> tuple[str, Expression]:
        name = self.name()
        self.expect(":=")
        return name, self.expression()

    def _call(self) -> Expression:
        token = self.advance()
        if self.at("(", "*", ")"):
            self.index += 3
            return ex.Call(token.value, (), location=token.location)
        arguments = self.enclosed(self._argument, empty=True)
        return ex.Call(token.value, arguments, location=token.location)

    def _argument(self) -> Expression:
        token = self.token
        if token.kind == "word" and token.value in _UNITS and self.ahead().value in (",", ")"):
            self.advance()
            unit = token.value if token.value.endswith("S") else token.value + "S"
            return ex.UnitLiteral(unit, location=token.location)
        parameters = self._lambda_parameters()
        if parameters is None:
            return self.expression()
        if len(set(parameters)) < len(parameters):
            place, names = token.location, ", ".join(parameters)
            raise KsqlStatementError(
                f"line {place.line}:{place.column}: Arguments of a lambda have the same name: {names}"
            )
        outer = self._lambda_names
        self._lambda_names = (*outer, *parameters)
        body = self.expression()
        self._lambda_names = outer
        return ex.LambdaFunction(parameters, body, location=token.location)

    def _lambda_parameters(self) -> tuple[str, ...] | None:
        """Step over ``x =>`` or ``(x, y) =>`` if that is what comes next."""
        start = self.index
        if self.at_name() and self.ahead().value == "=>":
            name = self.name()
            self.expect("=>")
            return (name,)
        if self.at("("):
            end = self.index + 1
            while self.tokens[end].kind in ("word", "quoted") or self.tokens[end].value == ",":
                end += 1
            if self.tokens[end].value == ")" and self.tokens[min(end + 1, len(self.tokens) - 1)].value == "=>":
                names = self.enclosed(self.name)
                self.expect("=>")
                return names
        self.index = start
        return None

    def _column(self) -> Expression:
        location = self.token.location
        name = self.name()
        if self.at(".") and self.ahead().value != "*":
            self.advance()
            return ex.ColumnRef(self.name(), name, location=location)
        if name in self._lambda_names:
            return ex.LambdaVariable(name, location=location)
        return ex.ColumnRef(name, location=location)
