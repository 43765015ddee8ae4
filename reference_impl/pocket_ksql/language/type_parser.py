"""Parsing of types: ``BIGINT``, ``DECIMAL(4, 2)``, ``MAP<STRING, ARRAY<INT>>``, ``STRUCT<a INT>``, custom types."""

from __future__ import annotations

from collections.abc import Mapping

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language.tokens import TokenReader
from pocket_ksql.types import SqlType


class TypeParser(TokenReader):
    """Parser of types; ``custom`` holds the types made with CREATE TYPE."""

    def __init__(self, text: str, custom: Mapping[str, SqlType] | None = None) -> None:
        super().__init__(text)
        self.custom = custom or {}

    def type(self) -> SqlType:
        if self.at("ARRAY", "<"):
            return self._array_type()
        if self.at("MAP", "<"):
            return self._map_type()
        if self.at("STRUCT", "<") or self.at("STRUCT", "<>"):
            return self._struct_type()
        if self.accept("DECIMAL", "(") or self.accept("DEC", "("):
            return self._decimal_type()
        quoted = self.token.kind == "quoted"
        name = self.name()
        if not quoted and name in types.NAMES:
            if self.accept("("):  # VARCHAR(20), VARCHAR(STRING): what is in there is read and has no meaning
                if not self.accept("STRING") and self.token.kind != "integer":
                    raise self.mismatch("'STRING'", "INTEGER_VALUE")
                if self.token.kind == "integer":
                    self.advance()
                self.expect(")")
            return types.NAMES[name]
        if name in self.custom:
            return self.custom[name]
        raise KsqlStatementError(f"Cannot resolve unknown type: {name}")

    def _array_type(self) -> SqlType:
        self.expect("ARRAY", "<")
        item = self.type()
        self.expect(">")
        return types.Array(item)

    def _map_type(self) -> SqlType:
        self.expect("MAP", "<")
        key = self.type()
        self.expect(",")
        value = self.type()
        self.expect(">")
        return types.Map(key, value)

    def _struct_type(self) -> SqlType:
        self.expect("STRUCT")
        if self.accept("<>"):
            return types.Struct(())
        self.expect("<")
        fields = () if self.at(">") else self.listed(self._field_type)
        self.expect(">")
        if len(dict(fields)) < len(fields):
            names = ", ".join(types.quoted(name) for name, _ in fields)
            raise KsqlStatementError(f"Duplicate field names found in STRUCT: {names}")
        return types.Struct(fields)

    def _field_type(self) -> tuple[str, SqlType]:
        return self.name(), self.type()

    def _decimal_type(self) -> SqlType:
        precision = self.integer()
        scale = self.integer() if self.accept(",") else 0
        self.expect(")")
        if precision < 1:
            raise KsqlStatementError(f"DECIMAL precision must be >= 1: DECIMAL({precision},{scale})")
        if scale > precision:
            raise KsqlStatementError(f"DECIMAL precision must be >= scale: DECIMAL({precision},{scale})")
        return types.Decimal(precision, scale)
