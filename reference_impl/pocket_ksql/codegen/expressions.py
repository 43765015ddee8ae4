"""SQL expressions to Python expressions, with their types; ill-typed ones are refused here.

NULL is handled in the generated text: an operand that may be NULL is bound to a temporary and tested before use.
"""

from __future__ import annotations

import contextlib
import decimal
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.codegen import arithmetic, casts, membership
from pocket_ksql.errors import ConversionError, KsqlStatementError, RecordError
from pocket_ksql.functions import nulls
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.functions.signature import Argument, LambdaShape, bind, expand, resolve
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

EVALUATION_ERRORS = (ArithmeticError, ValueError, TypeError, LookupError, AttributeError, RecordError)
"""What an expression may raise on a row; its value is then NULL and the reason goes to the processing log."""

INT_RANGE = range(-0x80000000, 0x80000000)
_COMPARABLE_TEXT = frozenset({"TIME", "DATE", "TIMESTAMP"})


@dataclass(frozen=True)
class Code:
    """A Python expression. ``plain`` ones (names, literals) may be repeated; others may raise if ``fallible``."""

    text: str
    type: SqlType | None
    nullable: bool = True
    plain: bool = False
    fallible: bool = False


class ExpressionError(KsqlStatementError):
    """An ill-typed expression; the message says where."""


def _problem(expression: Expression, detail: str) -> ExpressionError:
    text = format_expression(expression)
    return ExpressionError(f"Error processing expression: {text}. {detail}\nStatement: {text}", text)


class ExpressionCompiler:
    """Compiles expressions over ``columns``: names of columns to Python expressions."""

    def __init__(
        self,
        writer: Writer,
        functions: FunctionRegistry,
        columns: Mapping[str, Code],
        exact_comparison: bool = False,
        properties: Mapping[str, Any] | None = None,
    ) -> None:
        self.writer = writer
        self.functions = functions
        self.columns = columns
        self.properties = properties or {}
        self._exact = exact_comparison
        self._lambda_types: dict[str, SqlType] = {}

    # --- helpers -----------------------------------------------------------------------------------------------

    def _guard(
        self, operands: list[Code], result: Callable[[list[str]], str], when_null: str = "None", strict: bool = False
    ) -> str:
        """``result`` of the operands' texts, or ``when_null`` if one of them is NULL.

        What is ``strict`` fails on NULL inside a lambda, and the whole call with it, as in ksqlDB.
        """
        if self._lambda_types and strict:
            return f"({result([operand.text for operand in operands])})"
        tests, names = [], []
        for operand in operands:
            if not operand.nullable:
                names.append(operand.text)
            elif operand.plain:
                tests.append(f"{operand.text} is None")
                names.append(operand.text)
            else:
                name = self.writer.fresh("t")
                tests.append(f"({name} := {operand.text}) is None")
                names.append(name)
        text = result(names)
        if not tests:
            return f"({text})"
        return f"({when_null} if {' or '.join(tests)} else {text})"

    def _call(self, function: Callable[..., Any], operands: list[Code], of: SqlType | None) -> Code:
        name = self.writer.bind(function, "f")
        text = self._guard(operands, lambda names: f"{name}({', '.join(names)})")
        return Code(text, of, fallible=True)

    def convert(self, code: Code, target: SqlType, what: Expression) -> Code:
        """``code`` as a value of ``target``, by an implicit conversion or a cast."""
        if code.type is None or code.type == target:
            return Code(code.text, target, code.nullable, code.plain, code.fallible)
        try:
            function = casts.cast(code.type, target)
        except KsqlStatementError as error:
            raise _problem(what, error.message) from None
        if (code.type, target) == (types.INTEGER, types.BIGINT):
            return Code(code.text, target, code.nullable, code.plain, code.fallible)
        return self._call(function, [code], target)

    # --- the visitor -------------------------------------------------------------------------------------------

    @singledispatchmethod
    def compile(self, expression: Expression) -> Code:
        """Python for ``expression``; raises ``KsqlStatementError`` when it is ill-typed."""
        raise _problem(expression, "Unsupported expression")

    @compile.register
    def _null(self, _: ex.NullLiteral) -> Code:
        return Code("None", None, plain=True)

    @compile.register
    def _boolean(self, literal: ex.BooleanLiteral) -> Code:
        return Code(str(literal.value), types.BOOLEAN, nullable=False, plain=True)

    @compile.register
    def _integer(self, literal: ex.IntegerLiteral) -> Code:
        of = types.INTEGER if literal.value in INT_RANGE else types.BIGINT
        return Code(repr(literal.value), of, nullable=False, plain=True)

    @compile.register
    def _double(self, literal: ex.DoubleLiteral) -> Code:
        return Code(repr(literal.value), types.DOUBLE, nullable=False, plain=True)

    @compile.register
    def _decimal(self, literal: ex.DecimalLiteral) -> Code:
        _, digits, exponent = literal.value.as_tuple()
        scale = -int(exponent)
        precision = max(len(digits), scale + 1 if abs(literal.value) < 1 and len(digits) <= scale else len(digits))
        if abs(literal.value) < 1:
            precision = max(scale, len(digits))
        return Code(
            self.writer.bind(literal.value, "d"), types.Decimal(max(precision, 1), scale), nullable=False, plain=True
        )

    @compile.register
    def _string(self, literal: ex.StringLiteral) -> Code:
        return Code(repr(literal.value), types.STRING, nullable=False, plain=True)

    @compile.register
    def _unit(self, literal: ex.UnitLiteral) -> Code:
        return Code(repr(literal.value), types.STRING, nullable=False, plain=True)

    @compile.register
    def _column(self, column: ex.ColumnRef) -> Code:
        found = self.columns.get(column.name)
        if found is None:
            raise KsqlStatementError(f"column '{format_expression(column)}' cannot be resolved.")
        return found

    @compile.register
    def _variable(self, variable: ex.LambdaVariable) -> Code:
        return Code(f"l_{variable.name}", self._lambda_types.get(variable.name), plain=True)

    @compile.register
    def _dereference(self, one: ex.Dereference) -> Code:
        base = self.compile(one.base)
        if not isinstance(base.type, types.Struct):
            raise _problem(one, f"Dereference operator is only supported on STRUCT, not {base.type}")
        of = base.type.field(one.field_name)
        if of is None:
            raise _problem(one, f"Could not find field '{one.field_name}' in {base.type}.")
        return Code(self._guard([base], lambda names: f"{names[0]}.get({one.field_name!r})"), of)

    @compile.register
    def _subscript(self, one: ex.Subscript) -> Code:
        base, index = self.compile(one.base), self.compile(one.index)
        match base.type:
            case types.Array(item):
                if index.type not in (types.INTEGER, types.BIGINT):
                    raise _problem(one, f"Array index must be an integer, not {index.type}")
                return Code(self._call(array_item, [base, index], item).text, item)
            case types.Map(_, value):
                return Code(self._guard([base, index], lambda names: f"{names[0]}.get({names[1]})"), value)
        raise _problem(one, f"Subscript operator is only supported on ARRAY and MAP, not {base.type}")

    @compile.register
    def _sign(self, one: ex.Sign) -> Code:
        value = self.compile(one.value)
        if not types.is_numeric(value.type):
            raise _problem(one, f"Unsupported sign on {value.type}")
        text = self._guard([value], lambda names: f"{one.operator}{names[0]}")
        return Code(text, value.type, value.nullable)

    @compile.register
    def _arithmetic(self, one: ex.Arithmetic) -> Code:
        left, right = self.compile(one.left), self.compile(one.right)
        if one.operator == "+" and left.type == right.type == types.STRING:
            text = self._guard([left, right], " + ".join, strict=True)
            return Code(text, types.STRING, left.nullable or right.nullable)
        if left.type is None or right.type is None:
            shown = [str(code.type or "null") for code in (left, right)]
            raise _problem(one, f"Arithmetic on types {shown[0]} and {shown[1]} are not supported.")
        if not (types.is_numeric(left.type) and types.is_numeric(right.type)):
            raise _problem(one, f"Unsupported arithmetic types. {left.type.base()} {right.type.base()}")
        assert left.type is not None
        assert right.type is not None
        result = arithmetic.result_type(one.operator, left.type, right.type)
        fallible = left.fallible or right.fallible
        if isinstance(result, types.Decimal):
            left = self.convert(left, types.as_decimal(left.type), one)
            right = self.convert(right, types.as_decimal(right.type), one)
            return self._call(arithmetic.decimal_operation(one.operator, result), [left, right], result)
        if result == types.DOUBLE:
            left, right = self.convert(left, result, one), self.convert(right, result, one)
            if one.operator in "+-*":
                text = self._guard([left, right], f" {one.operator} ".join, strict=True)
                return Code(text, result, left.nullable or right.nullable, fallible=fallible)
            function = arithmetic.divide_double if one.operator == "/" else arithmetic.modulo_double
            return self._call(function, [left, right], result)
        if one.operator in "+-*":
            wrap = self.writer.bind(arithmetic.wrap32 if result == types.INTEGER else arithmetic.wrap64, "f")
            text = self._guard([left, right], lambda names: f"{wrap}({f' {one.operator} '.join(names)})", strict=True)
            return Code(text, result, left.nullable or right.nullable, fallible=fallible)
        return self._call(
            arithmetic.divide_int if one.operator == "/" else arithmetic.modulo_int, [left, right], result
        )

    # --- conditions --------------------------------------------------------------------------------------------

    @compile.register
    def _logical(self, one: ex.Logical) -> Code:
        left, right = self._condition(one.left, one), self._condition(one.right, one)
        return Code(
            f"({left.text} {one.operator.lower()} {right.text})", types.BOOLEAN, left.nullable or right.nullable
        )

    def _condition(self, part: Expression, whole: Expression) -> Code:
        code = self.compile(part)
        if code.type not in (types.BOOLEAN, None):
            raise _problem(whole, f"Expected BOOLEAN but got {code.type}: {format_expression(part)}")
        return code

    @compile.register
    def _not(self, one: ex.Not) -> Code:
        value = self._condition(one.value, one)
        return Code(f"(not {value.text})", types.BOOLEAN, nullable=False)

    @compile.register
    def _is_null(self, one: ex.IsNull) -> Code:
        value = self.compile(one.value)
        return Code(f"({value.text} is {'not ' if one.negated else ''}None)", types.BOOLEAN, nullable=False)

    def _moments(self, one: ex.Comparison, left: Code, right: Code) -> tuple[Code, Code]:
        """ROWTIME and the window's bounds may be compared with timestamps in text."""
        if isinstance(one.right, ex.StringLiteral) and _is_moment(one.left):
            return left, self._literal(one.right, types.BIGINT, temporal.parse_timestamp)
        if isinstance(one.left, ex.StringLiteral) and _is_moment(one.right):
            return self._literal(one.left, types.BIGINT, temporal.parse_timestamp), right
        return left, right

    def comparable(self, left: Code, right: Code, whole: Expression) -> tuple[Code, Code]:
        """Both sides brought to a type on which Python compares them as SQL does."""
        a, b = left.type, right.type
        if a is None or b is None or a == b:
            return left, right
        if types.is_numeric(a) and types.is_numeric(b):
            if {a.base(), b.base()} == {"DECIMAL", "DOUBLE"} and not self._exact:
                return self.convert(left, types.DOUBLE, whole), self.convert(right, types.DOUBLE, whole)
            return left, right
        if a == types.STRING and b.base() in _COMPARABLE_TEXT:
            return self._call(casts.cast(a, b), [left], b), right
        if b == types.STRING and a.base() in _COMPARABLE_TEXT:
            return left, self._call(casts.cast(b, a), [right], a)
        if {a.base(), b.base()} == {"DATE", "TIMESTAMP"}:
            return self.convert(left, types.TIMESTAMP, whole), self.convert(right, types.TIMESTAMP, whole)
        if a.base() == b.base() and a.base() in ("ARRAY", "MAP", "STRUCT"):
            return left, right
        raise cannot_compare(whole, a, b)

    @compile.register
    def _comparison(self, one: ex.Comparison) -> Code:
        original_left, original_right = self.compile(one.left), self.compile(one.right)
        distinct = "DISTINCT" in one.operator
        if not distinct and (original_left.type is None or original_right.type is None):
            if isinstance(one.left, ex.NullLiteral) or isinstance(one.right, ex.NullLiteral):
                sides = [str(code.type or "NULL") for code in (original_left, original_right)]
                text = format_expression(one)
                raise KsqlStatementError(
                    f"Comparison with NULL not supported: {sides[0]} {one.operator} {sides[1]}"
                    f"\nUse 'IS NULL' or 'IS NOT NULL' instead.\nStatement: {text}",
                    text,
                )
            return Code("False", types.BOOLEAN, nullable=False, plain=True)
        original_left, original_right = self._moments(one, original_left, original_right)
        left, right = self.comparable(original_left, original_right, one)
        base = left.type.base() if left.type else None
        if base in ("BOOLEAN", "ARRAY", "MAP", "STRUCT") and one.operator not in ("=", "<>") and not distinct:
            assert left.type is not None
            assert right.type is not None
            raise cannot_compare(one, left.type, right.type)
        fallible = left.fallible or right.fallible
        if distinct:
            operator = "==" if one.operator.startswith("IS NOT") else "!="
            return Code(f"({left.text} {operator} {right.text})", types.BOOLEAN, nullable=False, fallible=fallible)
        operator = {"=": "==", "<>": "!="}.get(one.operator, one.operator)
        text = self._guard([left, right], f" {operator} ".join, "False")
        return Code(text, types.BOOLEAN, nullable=False, fallible=fallible)

    @compile.register
    def _between(self, one: ex.Between) -> Code:
        if _is_moment(one.value) and isinstance(one.low, ex.StringLiteral) and isinstance(one.high, ex.StringLiteral):
            bounds = [self._literal(part, types.BIGINT, temporal.parse_timestamp) for part in (one.low, one.high)]
            text = f"({bounds[0].text} <= {self.compile(one.value).text} <= {bounds[1].text})"
            return Code(text, types.BOOLEAN, nullable=False)
        value, low = self.comparable(self.compile(one.value), self.compile(one.low), one)
        value, high = self.comparable(value, self.compile(one.high), one)
        value, low = self.comparable(value, low, one)
        text = self._guard([value, low, high], lambda names: f"{names[1]} <= {names[0]} <= {names[2]}", "False")
        return Code(text, types.BOOLEAN, nullable=False, fallible=value.fallible or low.fallible or high.fallible)

    @compile.register
    def _like(self, one: ex.Like) -> Code:
        value, pattern = self.compile(one.value), self.compile(one.pattern)
        if value.type not in (types.STRING, None) or pattern.type not in (types.STRING, None):
            raise _problem(one, f"LIKE is only supported on STRING, not {value.type}")
        if isinstance(one.pattern, ex.StringLiteral):
            test: Callable[..., bool] = like_pattern(one.pattern.value, one.escape)
            code = self._call(test, [value], types.BOOLEAN)
        else:
            escape = one.escape
            code = self._call(lambda text, like: like_pattern(like, escape)(text), [value, pattern], types.BOOLEAN)
        return Code(f"bool({code.text})", types.BOOLEAN, nullable=False, fallible=True)

    @compile.register
    def _in(self, one: ex.InList) -> Code:
        common = self.compile(one.value).type
        codes = []
        for item in one.items:
            if not isinstance(item, ex.NullLiteral):
                common, item = self._in_item(common, item)
                codes.append(self._equals(one.value, item))
        if not codes:
            return Code("False", types.BOOLEAN, nullable=False, plain=True)
        fallible = any(code.fallible for code in codes)
        return Code(f"({' or '.join(code.text for code in codes)})", types.BOOLEAN, nullable=False, fallible=fallible)

    def _in_item(self, common: SqlType | None, item: Expression) -> tuple[SqlType | None, Expression]:
        """The type that goes with all items so far and this one; the item with its literals read as that type."""
        if common is None:
            return self.compile(item).type, item
        item = membership.conformed(item, common)
        of = self.compile(item).type
        if of is None or of == common or membership.comparable(common, of):
            wider = types.common_numeric(common, of) if of and types.is_numeric(common) else common
            return wider, item
        if common == types.STRING and isinstance(item, ex.LITERALS):
            return common, ex.Cast(item, types.STRING)
        raise membership.no_operator(common, of, item)

    def _equals(self, value: Expression, item: Expression) -> Code:
        left = self.compile(value)
        if left.type is not None and left.type.base() in ("ARRAY", "MAP", "STRUCT"):
            return self._in_nested(left, item)
        return self.compile(ex.Comparison("=", value, item))

    def _in_nested(self, value: Code, item: Expression) -> Code:
        code = self.compile(item)
        if value.type is None or code.type is None:
            return Code("False", types.BOOLEAN, nullable=False, plain=True)
        same = self.writer.bind(membership.equality(value.type, code.type), "same")
        text = self._guard([value, code], lambda names: f"{same}({', '.join(names)})", "False")
        return Code(text, types.BOOLEAN, nullable=False, fallible=True)

    @compile.register
    def _case(self, case: ex.Case) -> Code:
        conditions, results = [], []
        for when in case.whens:
            condition = when.condition
            if case.operand is not None:
                condition = ex.Comparison("=", case.operand, condition)
            code = self.compile(condition)
            if code.type != types.BOOLEAN:
                raise KsqlStatementError(
                    "WHEN operand type should be boolean."
                    f"\nType for '{format_expression(when.condition)}' is {code.type}"
                )
            conditions.append(code)
            results.append(self.compile(when.result))
        default = self.compile(case.default) if case.default is not None else Code("None", None, plain=True)
        of = self._common([*results, default], case, "CASE")
        parts = [self.convert(code, of, case) if of else code for code in [*results, default]]
        text = parts[-1].text
        for test, part in zip(reversed(conditions), reversed(parts[:-1]), strict=True):
            text = f"({part.text} if {test.text} else {text})"
        fallible = any(code.fallible for code in [*conditions, *parts])
        return Code(text, of, any(code.nullable for code in parts), fallible=fallible)

    def _common(self, codes: list[Code], whole: Expression, what: str) -> SqlType | None:
        """The one type that all of ``codes`` have or convert to."""
        common: SqlType | None = None
        for code in codes:
            if code.type is None or code.type == common:
                continue
            common = code.type if common is None else self._wider(common, code.type, whole, what)
        return common

    def _wider(self, left: SqlType, right: SqlType, whole: Expression, what: str) -> SqlType:
        if types.is_numeric(left) and types.is_numeric(right):
            return types.common_numeric(left, right)
        match left, right:
            case types.Array(one), types.Array(other):
                return types.Array(one if one == other else self._wider(one, other, whole, what))
            case types.Map(key, value), types.Map(other_key, other_value) if key == other_key:
                return types.Map(key, value if value == other_value else self._wider(value, other_value, whole, what))
            case types.Struct(fields), types.Struct(others):
                names = list(dict.fromkeys([name for name, _ in fields] + [name for name, _ in others]))
                known, more = dict(fields), dict(others)
                return types.Struct(
                    tuple(
                        (
                            name,
                            self._wider(known[name], more[name], whole, what)
                            if name in known and name in more and known[name] != more[name]
                            else known.get(name) or more[name],
                        )
                        for name in names
                    )
                )
        if what == "CASE":
            raise KsqlStatementError(
                f"Invalid Case expression. Type for all 'THEN' clauses should be the same."
                f"\nTHEN expression '{format_expression(whole)}' has type: {right}."
                f"\nPrevious THEN expression(s) type: {left}."
            )
        raise _problem(whole, f"Invalid {what} expression. All values must be of compatible types: {left}, {right}")

    # --- conversions and constructors ----------------------------------------------------------------------------

    @compile.register
    def _cast(self, cast: ex.Cast) -> Code:
        value = self.compile(cast.value)
        if value.type is None:
            return Code("None", cast.type, plain=True)
        try:
            return self.convert(value, cast.type, cast)
        except ExpressionError:
            raise ConversionError(f"Cast of {value.type} to {cast.type} is not supported") from None

    @compile.register
    def _array(self, array: ex.CreateArray) -> Code:
        codes = [self.compile(item) for item in array.items]
        if not codes:
            raise _problem(array, "Array constructor cannot be empty. Please supply at least one element "
                           "(see https://github.com/confluentinc/ksql/issues/4239).")  # fmt: skip
        codes = self._coerce_literals(codes, array.items)
        item = self._common(codes, array, "ARRAY")
        if item is None:
            raise _problem(array, "Cannot construct an array with all NULL elements "
                           "(see https://github.com/confluentinc/ksql/issues/4239). As a workaround, you may cast a "
                           "NULL value to the desired type.")  # fmt: skip
        codes = [self.convert(code, item, array) for code in codes]
        text = f"[{', '.join(map(self._attempted, codes))}]"
        return Code(text, types.Array(item), nullable=False)

    def _attempted(self, code: Code) -> str:
        """What fails inside a constructor becomes NULL there; the rest of the value stays."""
        return f"{self.writer.bind(attempt, 'attempt')}(lambda: {code.text})" if code.fallible else code.text

    def _coerce_literals(self, codes: list[Code], items: tuple[Expression, ...]) -> list[Code]:
        """String literals among values of another type are read as values of that type."""
        pairs = list(zip(codes, items, strict=True))
        others = [code for code, item in pairs if not isinstance(item, ex.StringLiteral) and code.type is not None]
        first = next((code for code in codes if code.type is not None), None)
        if any(code.type == types.STRING for code in others) or (first is not None and first.type == types.STRING):
            return [self._as_text(code, item) for code, item in pairs]
        if not others:
            return codes
        target = others[0].type
        assert target is not None
        result = []
        for code, item in zip(codes, items, strict=True):
            if isinstance(item, ex.StringLiteral) and target in (types.INTEGER, types.BIGINT):
                result.append(self._number_literal(item, target))
            elif isinstance(item, ex.StringLiteral):
                read = casts.converter(types.STRING, target)
                if read is None:
                    return codes
                result.append(self._literal(item, target, read))
            else:
                result.append(code)
        return result

    def _as_text(self, code: Code, item: Expression) -> Code:
        """An item beside texts: a literal becomes text; nothing else does by itself."""
        if code.type is None or code.type == types.STRING:
            return code
        if not isinstance(item, ex.LITERALS):
            raise membership.no_operator(types.STRING, code.type, item)
        return self.convert(code, types.STRING, item)

    def _number_literal(self, item: ex.StringLiteral, target: SqlType) -> Code:
        """A number in text beside whole numbers: one of them, or a DECIMAL if it is written with an exponent."""
        read = casts.converter(types.STRING, target)
        assert read is not None
        if "e" in item.value.lower():
            with contextlib.suppress(decimal.InvalidOperation):
                value = decimal.Decimal(item.value)
                return self._decimal(
                    ex.DecimalLiteral(value.quantize(decimal.Decimal(1)) if value == int(value) else value)
                )
        return self._literal(item, target, read)

    def _literal(self, item: ex.StringLiteral, target: SqlType, read: casts.Converter) -> Code:
        try:
            value = read(item.value)
        except (ValueError, ArithmeticError):
            raise ConversionError(f'invalid input syntax for type {target.base()}: "{item.value}".') from None
        return Code(self.writer.bind(value, "k"), target, nullable=False, plain=True)

    @compile.register
    def _map(self, one: ex.CreateMap) -> Code:
        if not one.items:
            raise _problem(one, "Map constructor cannot be empty. Please supply at least one key value pair "
                           "(see https://github.com/confluentinc/ksql/issues/4239).")  # fmt: skip
        keys = self._coerce_literals([self.compile(key) for key, _ in one.items], tuple(k for k, _ in one.items))
        values = self._coerce_literals([self.compile(value) for _, value in one.items], tuple(v for _, v in one.items))
        key, value = self._common(keys, one, "MAP"), self._common(values, one, "MAP")
        if key is None or value is None:
            raise _problem(one, "Cannot construct a map with all NULL values "
                           "(see https://github.com/confluentinc/ksql/issues/4239). As a workaround, you may cast a "
                           "NULL value to the desired type.")  # fmt: skip
        entries = [
            f"{self._attempted(self.convert(k, key, one))}: {self._attempted(self.convert(v, value, one))}"
            for k, v in zip(keys, values, strict=True)
        ]
        return Code(f"{{{', '.join(entries)}}}", types.Map(key, value), nullable=False, fallible=True)

    @compile.register
    def _struct(self, struct: ex.CreateStruct) -> Code:
        codes = [(name, self.compile(value)) for name, value in struct.items]
        if len({name for name, _ in codes}) < len(codes):
            raise _problem(struct, f"Duplicate field names found in STRUCT: '{format_expression(struct)}'.")
        text = ", ".join(f"{name!r}: {self._attempted(code)}" for name, code in codes)
        of = types.Struct(tuple((name, code.type or types.STRING) for name, code in codes))
        return Code(f"{{{text}}}", of, nullable=False, fallible=any(code.fallible for _, code in codes))

    # --- functions -----------------------------------------------------------------------------------------------

    @compile.register
    def _function(self, call: ex.Call) -> Code:
        given: list[Argument] = []
        codes: list[Code | None] = []
        for argument in call.arguments:
            if isinstance(argument, ex.LambdaFunction):
                given.append(LambdaShape(len(argument.parameters)))
                codes.append(None)
            else:
                compiled = self.compile(argument)
                given.append(compiled.type)
                codes.append(compiled)
        match = self.functions.match(call.name, given)
        parameters = expand(match.variant.signature, len(given))
        assert parameters is not None
        arguments: list[Code] = []
        for parameter, code, argument in zip(parameters, codes, call.arguments, strict=True):
            if isinstance(argument, ex.LambdaFunction):
                assert isinstance(parameter.type, types.Lambda)
                body = self._lambda(argument, parameter.type, match.bound)
                arguments.append(body)
                continue
            assert code is not None
            target = resolve(parameter.type, match.bound)
            numeric = types.is_numeric(code.type) and types.is_numeric(target)
            generic_decimal = isinstance(target, types.Decimal) and isinstance(parameter.type, types.Decimal)
            if numeric and target != code.type and not (generic_decimal and isinstance(code.type, types.Decimal)):
                assert code.type is not None
                code = self.convert(code, types.as_decimal(code.type) if generic_decimal else target, argument)
            elif code.type == types.STRING and target.base() in _COMPARABLE_TEXT:
                code = self.convert(code, target, argument)
            arguments.append(code)
        known = [code.type for code in arguments]
        result = match.result_type(known)
        if isinstance(result, types.Generic):
            result = types.STRING
        function = match.variant.implementation
        if function is nulls.ifnull and arguments[1].plain:
            return self._if_null(arguments[0], arguments[1], result)
        if match.variant.typed:
            function = function([*known, result])
        name = self.writer.bind(function, f"f_{re.sub('[^A-Z0-9_]', '_', call.name)}")
        if match.variant.null_in_null_out:
            text = self._guard(arguments, lambda names: f"{name}({', '.join(names)})")
        else:
            text = f"{name}({', '.join(code.text for code in arguments)})"
        return Code(text, result, fallible=True)

    def _if_null(self, value: Code, alternative: Code, of: SqlType) -> Code:
        """IFNULL with a literal or a column, written out: the call costs more than what it does."""
        text = self._guard([value], lambda names: names[0], when_null=alternative.text)
        nullable = value.nullable and alternative.nullable
        return Code(text, of, nullable, fallible=value.fallible or alternative.fallible)

    def _lambda(self, function: ex.LambdaFunction, declared: types.Lambda, bound: dict[str, SqlType]) -> Code:
        outer = dict(self._lambda_types)
        for name, of in zip(function.parameters, declared.parameters, strict=True):
            self._lambda_types[name] = resolve(of, bound)
        body = self.compile(function.body)
        self._lambda_types = outer
        if body.type is not None:
            bind(declared.result, body.type, bound)
        target = resolve(declared.result, bound)
        if types.is_numeric(body.type) and types.is_numeric(target) and body.type != target:
            body = self.convert(body, target, function)
        elif body.type is not None and body.type.base() != target.base() and not isinstance(target, types.Generic):
            raise _problem(function, f"Expected lambda to return {target}, but it returns {body.type}.")
        parameters = ", ".join(f"l_{name}" for name in function.parameters)
        return Code(f"(lambda {parameters}: {body.text})", declared, nullable=False)


def _is_moment(expression: Expression) -> bool:
    return isinstance(expression, ex.ColumnRef) and expression.name.endswith(("ROWTIME", "WINDOWSTART", "WINDOWEND"))


def cannot_compare(whole: Expression, left: SqlType, right: SqlType) -> ExpressionError:
    """The refusal of a comparison, with both sides and their types."""
    operator = {"=": "EQUAL", "<>": "NOT_EQUAL", "<": "LESS_THAN", "<=": "LESS_THAN_OR_EQUAL", ">": "GREATER_THAN",
                ">=": "GREATER_THAN_OR_EQUAL"}  # fmt: skip
    name = operator.get(getattr(whole, "operator", "="), "EQUAL")
    sides = getattr(whole, "left", None), getattr(whole, "right", None)
    shown = [
        str(of) if side is None else f"{format_expression(side)} ({of})"
        for side, of in zip(sides, (left, right), strict=True)
    ]
    text = format_expression(whole)
    return ExpressionError(f"Cannot compare {shown[0]} to {shown[1]} with {name}.\nStatement: {text}", text)


def attempt(compute: Callable[[], Any]) -> Any:
    """The value that ``compute`` gives, NULL if it fails."""
    try:
        return compute()
    except EVALUATION_ERRORS:
        return None


def array_item(array: list[Any], index: int) -> Any:
    """The item at a position that counts from one, or from the end if negative; NULL outside the array."""
    position = index - 1 if index > 0 else len(array) + index
    return array[position] if 0 <= position < len(array) and index != 0 else None


def like_pattern(pattern: str, escape: str | None = None) -> Callable[[str], bool]:
    """The test behind LIKE: ``%`` stands for any text, ``_`` for one character, after ``escape`` for themselves."""
    parts = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if escape and character == escape and index + 1 < len(pattern):
            index += 1
            parts.append(re.escape(pattern[index]))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
        index += 1
    matcher = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda text: matcher(text) is not None
