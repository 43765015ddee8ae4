"""The text of a Protobuf schema for given fields, as ksqlDB registers it."""

from __future__ import annotations

from collections.abc import Callable

from pocket_ksql import types
from pocket_ksql.formats.base import nested_types
from pocket_ksql.formats.proto_wire import (
    SCALARS,
    Fields,
)

_NAMES = {"BOOLEAN": "bool", "INTEGER": "int32", "BIGINT": "int64", "DOUBLE": "double", "STRING": "string",
          "BYTES": "bytes", "DECIMAL": "confluent.type.Decimal", "DATE": "google.type.Date",
          "TIME": "google.type.TimeOfDay", "TIMESTAMP": "google.protobuf.Timestamp"}  # fmt: skip
_IMPORTS = {"DECIMAL": "confluent/type/decimal.proto", "DATE": "google/type/date.proto",
            "TIME": "google/type/timeofday.proto", "TIMESTAMP": "google/protobuf/timestamp.proto"}  # fmt: skip
_WRAPPERS = {"BOOLEAN": "BoolValue", "INTEGER": "Int32Value", "BIGINT": "Int64Value", "DOUBLE": "DoubleValue",
             "STRING": "StringValue", "BYTES": "BytesValue"}  # fmt: skip


def proto_text(
    full_name: str,
    fields: Fields,
    nullable: str | None,
    nested_name: Callable[[str], str] | None = None,
    blank_lines: bool = False,
) -> str:
    """The schema in proto3's language, as it is registered.

    ``nested_name`` names the message of a field; ``blank_lines`` sets nested messages apart.
    """
    package, _, name = full_name.rpartition(".")
    used = {one.base() for _, of in fields for one in nested_types(of)}
    imports = [path for base, path in _IMPORTS.items() if base in used]
    if nullable == "WRAPPER":
        imports.append("google/protobuf/wrappers.proto")
    lines = ['syntax = "proto3";']
    lines += [f"package {package};"] if package else []
    lines += [f'import "{path}";' for path in imports]
    message = _message_text(name, fields, nullable, nested_name, blank_lines)
    return "\n".join([*lines, "", *message, ""])


def _message_text(
    name: str, fields: Fields, nullable: str | None, nested_name: Callable[[str], str] | None, blank_lines: bool
) -> list[str]:
    lines, nested = [f"message {name} {{"], []
    for number, (field, of) in enumerate(fields, 1):
        item = of.item if isinstance(of, types.Array) else of
        label = "repeated " if isinstance(of, types.Array) else ""
        kind = _NAMES.get(item.base(), "")
        inner: Fields | None = None
        if isinstance(item, types.Struct):
            kind, inner = f"{field}_Message", item.fields
        elif isinstance(item, types.Map):
            kind, label, inner = f"{field}_Entry", "repeated ", [("key", item.key), ("value", item.value)]
        elif of is item and of.base() in SCALARS and nullable == "OPTIONAL":
            label = "optional "
        elif of is item and of.base() in SCALARS and nullable == "WRAPPER":
            kind = f"google.protobuf.{_WRAPPERS[of.base()]}"
        if inner is not None:
            kind = nested_name(kind) if nested_name else kind
            nested += [""] if blank_lines else []
            nested += _message_text(kind, inner, None, nested_name, blank_lines)
        lines.append(f"  {label}{kind} {field} = {number};")
    return [*lines, *(f"  {line}" if line else "" for line in nested), "}"]
