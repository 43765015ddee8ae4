"""Reads the language of ``.proto`` files as far as schemas of records need it: messages, enums, maps, oneofs.

The result is the descriptor of the ``protobuf`` package; names of types are resolved by its pool. Of a field's
options only Confluent's parameters (a decimal's precision and scale) are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from pocket_ksql.errors import KsqlStatementError

_TOKEN = re.compile(
    r"""\s+ | //[^\n]* | /\*.*?\*/ | (?P<text>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*')
    | (?P<word>[\w.+-]+) | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_SCALARS = {
    name: FieldDescriptorProto.Type.Value(f"TYPE_{name.upper()}")
    for name in ("double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64",
                 "sfixed32", "sfixed64", "bool", "string", "bytes")
}  # fmt: skip
_OPTIONAL, _REQUIRED, _REPEATED = 1, 2, 3
_LABELS = {"optional": _OPTIONAL, "required": _REQUIRED, "repeated": _REPEATED}


@dataclass
class ProtoFile:
    """A parsed file; ``parameters`` are those of its fields, by ``(message's name, field's number)``."""

    descriptor: FileDescriptorProto
    parameters: dict[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)


def parse(text: str, name: str) -> ProtoFile:
    """Parse ``text`` as the file ``name``; raises ``KsqlStatementError`` where it is no such file."""
    return _Parser(text, name).file()


class _Parser:
    def __init__(self, text: str, name: str) -> None:
        self._tokens = [match[0] for match in _TOKEN.finditer(text) if match.lastgroup]
        self._at = 0
        self._file = ProtoFile(FileDescriptorProto(name=name, syntax="proto2"))

    # --- tokens ------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *expected: str) -> str:
        token = self._next
        if not token or (expected and token not in expected):
            wanted = " or ".join(map(repr, expected)) or "more"
            raise KsqlStatementError(f"The Protobuf schema has {token!r} where {wanted} is expected.")
        self._at += 1
        return token

    def _text(self) -> str:
        return self._take()[1:-1]

    def _number(self) -> int:
        token = self._take()
        try:
            return int(token, 0)
        except ValueError:
            raise KsqlStatementError(f"The Protobuf schema has {token!r} where a number is expected.") from None

    def _skip(self, end: str) -> None:
        """Skip to ``end``, past anything in brackets on the way."""
        closing = {"{": "}", "[": "]", "(": ")"}
        while (token := self._take()) != end:
            if token in closing:
                self._skip(closing[token])

    # --- the file ----------------------------------------------------------------------------------------------

    def file(self) -> ProtoFile:
        descriptor = self._file.descriptor
        while self._next:
            match self._take():
                case "syntax":
                    self._take("=")
                    descriptor.syntax = self._text()
                    self._take(";")
                case "package":
                    descriptor.package = self._take()
                    self._take(";")
                case "import":
                    if self._next in ("public", "weak"):
                        self._take()
                    descriptor.dependency.append(self._text())
                    self._take(";")
                case "message":
                    self._message(descriptor.message_type.add(), descriptor.package)
                case "enum":
                    self._enum(descriptor.enum_type.add())
                case "option":
                    self._skip(";")
                case "service" | "extend":
                    self._skip("{")
                    self._skip("}")
                case ";":
                    pass
                case other:
                    raise KsqlStatementError(f"The Protobuf schema has {other!r} where a message is expected.")
        return self._file

    def _message(self, message: DescriptorProto, scope: str) -> None:
        message.name = self._take()
        full_name = f"{scope}.{message.name}".lstrip(".")
        self._take("{")
        while self._next != "}":
            match self._next:
                case "message":
                    self._take()
                    self._message(message.nested_type.add(), full_name)
                case "enum":
                    self._take()
                    self._enum(message.enum_type.add())
                case "oneof":
                    self._take()
                    self._oneof(message, full_name)
                case "option" | "reserved" | "extensions":
                    self._skip(";")
                case ";":
                    self._take()
                case _:
                    self._field(message, full_name)
        self._take("}")
        _close_optionals(message)

    def _oneof(self, message: DescriptorProto, full_name: str) -> None:
        index = len(message.oneof_decl)
        message.oneof_decl.add(name=self._take())
        self._take("{")
        while self._next != "}":
            if self._next == "option":
                self._skip(";")
            else:
                self._field(message, full_name).oneof_index = index
        self._take("}")

    def _field(self, message: DescriptorProto, full_name: str) -> FieldDescriptorProto:
        one = message.field.add(label=_OPTIONAL)
        if self._next in _LABELS:
            label = self._take()
            one.label = _LABELS[label]
            one.proto3_optional = label == "optional" and self._file.descriptor.syntax == "proto3"
        kind = self._take()
        if kind == "map" and self._next == "<":
            self._map(message, one, full_name)
        else:
            _set_type(one, kind)
            one.name = self._take()
        self._take("=")
        one.number = self._number()
        if self._next == "[":
            self._options(full_name, one.number)
        self._take(";")
        return one

    def _map(self, message: DescriptorProto, one: FieldDescriptorProto, full_name: str) -> None:
        self._take("<")
        key = self._take()
        self._take(",")
        value = self._take()
        self._take(">")
        one.name = self._take()
        one.label = _REPEATED
        entry = message.nested_type.add(name="".join(part.capitalize() for part in one.name.split("_")) + "Entry")
        entry.options.map_entry = True
        for number, (name, kind) in enumerate((("key", key), ("value", value)), 1):
            _set_type(entry.field.add(name=name, number=number, label=_OPTIONAL), kind)
        one.type_name = f".{full_name}.{entry.name}"

    def _options(self, full_name: str, number: int) -> None:
        start = self._at
        self._take("[")
        self._skip("]")
        tokens = self._tokens[start : self._at]
        found: dict[str, dict[str, str]] = {}
        index = 0
        for at, token in enumerate(tokens[:-2]):
            if token in ("key", "value") and tokens[at + 1] == ":":
                pair = found.setdefault(str(index), {})
                pair[token] = tokens[at + 2].strip("\"'")
                index += len(pair) == 2
        parameters = {pair["key"]: pair["value"] for pair in found.values() if len(pair) == 2}
        if parameters:
            self._file.parameters[full_name, number] = parameters

    def _enum(self, enum: EnumDescriptorProto) -> None:
        enum.name = self._take()
        self._take("{")
        while self._next != "}":
            if self._next in ("option", "reserved"):
                if "allow_alias" in self._tokens[self._at : self._at + 2]:
                    enum.options.allow_alias = True
                self._skip(";")
                continue
            value = enum.value.add(name=self._take())
            self._take("=")
            value.number = self._number()
            if self._next == "[":
                self._take()
                self._skip("]")
            self._take(";")
        self._take("}")


def _set_type(one: FieldDescriptorProto, kind: str) -> None:
    if kind in _SCALARS:
        one.type = _SCALARS[kind]
    else:
        one.type_name = kind


def _close_optionals(message: DescriptorProto) -> None:
    """An ``optional`` of proto3 is a oneof of its own, after those that have names."""
    for one in message.field:
        if one.proto3_optional:
            one.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{one.name}")
