"""Messages of any registered Protobuf schema to rows and back, field by field by name.

Slower than ``protobuf``'s own reader and writer, which are compiled for messages in the order of the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from pocket_ksql import temporal
from pocket_ksql.decimals import of_bytes, to_bytes
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.conversion import struct_conversion
from pocket_ksql.formats.proto_schema import DECIMAL, WRAPPERS, is_optional, is_repeated
from pocket_ksql.schema import Column

_ENUM = FieldDescriptor.TYPE_ENUM


def row_reader(message: Descriptor, columns: Sequence[Column]) -> Callable[[bytes], tuple[Any, ...]]:
    """Reads messages as the values of ``columns``; a column that no field is named like is NULL."""
    make = GetMessageClass(message)
    convert = struct_conversion([(column.name, column.type) for column in columns])

    def read(data: bytes) -> tuple[Any, ...]:
        try:
            values = _by_name(make.FromString(data))
        except DecodeError as error:
            raise RecordError(f"Failed to deserialize Protobuf as {message.full_name}: {error}") from None
        return tuple(convert(values).values())

    return read


def row_writer(message: Descriptor, columns: Sequence[Column]) -> Callable[[Sequence[Any]], bytes]:
    """Writes the values of ``columns`` to the fields that are named like them."""
    make = GetMessageClass(message)
    names = [column.name for column in columns]

    def write(row: Sequence[Any]) -> bytes:
        made = make()
        try:
            _fill(made, dict(zip(names, row, strict=True)))
        except (TypeError, ValueError, KeyError) as error:
            raise RecordError(f"cannot be written as {message.full_name}: {error}") from None
        return bytes(made.SerializeToString())

    return write


# --- reading -----------------------------------------------------------------------------------------------------


def _by_name(message: Message) -> dict[str, Any]:
    """The fields of a message as SQL values; those of a oneof under its name too."""
    values: dict[str, Any] = {}
    for one in message.DESCRIPTOR.fields:
        values[one.name] = _field(message, one)
    named = [one for one in message.DESCRIPTOR.oneofs if not is_optional(one.fields[0])]
    for index, oneof in enumerate(named):
        parts = {one.name: values[one.name] for one in oneof.fields}
        values[f"{oneof.name}_{index}"] = parts if message.WhichOneof(oneof.name) else None
    return values


def _field(message: Message, one: FieldDescriptor) -> Any:
    value = getattr(message, one.name)
    if is_repeated(one):
        if one.message_type is not None and one.message_type.GetOptions().map_entry:
            inner = one.message_type.fields_by_name["value"]
            return {key: _value(item, inner) for key, item in value.items()}
        return [_value(item, one) for item in value]
    if one.has_presence and not message.HasField(one.name):
        return None
    if one.type == FieldDescriptor.TYPE_BYTES and not value:
        return None
    return _value(value, one)


def _value(value: Any, one: FieldDescriptor) -> Any:
    if one.type == _ENUM:
        found = one.enum_type.values_by_number.get(value)
        return str(value) if found is None else found.name
    if one.message_type is None:
        return value
    name = one.message_type.full_name
    if name in WRAPPERS:
        return value.value
    match name:
        case "google.protobuf.Timestamp":
            return value.seconds * 1000 + value.nanos // 1_000_000
        case "google.type.Date":
            return temporal.day_number(value.year, value.month, value.day)
        case "google.type.TimeOfDay":
            return ((value.hours * 60 + value.minutes) * 60 + value.seconds) * 1000 + value.nanos // 1_000_000
        case _ if name == DECIMAL:
            return of_bytes(value.value, value.scale)
    return _by_name(value)


# --- writing -----------------------------------------------------------------------------------------------------


def _fill(message: Message, values: Mapping[str, Any]) -> None:
    folded = {name.upper(): one for name, one in values.items()}
    for index, oneof in enumerate(message.DESCRIPTOR.oneofs):
        folded.update({n.upper(): v for n, v in (folded.get(f"{oneof.name}_{index}".upper()) or {}).items()})
    for one in message.DESCRIPTOR.fields:
        value = values.get(one.name, folded.get(one.name.upper()))
        if value is not None:
            _set(message, one, value)


def _set(message: Message, one: FieldDescriptor, value: Any) -> None:
    target = getattr(message, one.name)
    if not is_repeated(one):
        if one.message_type is None:
            setattr(message, one.name, _scalar(value, one))
        else:
            target.SetInParent()
            _fill_message(target, value)
    elif one.message_type is None:
        target.extend(_scalar(item, one) for item in value)
    elif one.message_type.GetOptions().map_entry:
        inner = one.message_type.fields_by_name["value"]
        for key, item in value.items():
            if inner.message_type is None:
                target[key] = _scalar(item, inner)
            else:
                _fill_message(target[key], item)
    else:
        for item in value:
            _fill_message(target.add(), item)


def _scalar(value: Any, one: FieldDescriptor) -> Any:
    return one.enum_type.values_by_name[value].number if one.type == _ENUM else value


def _fill_message(message: Message, value: Any) -> None:
    """Fill the message that stands for a value which is no scalar; typing knows no fields of made messages."""
    made: Any = message
    name = message.DESCRIPTOR.full_name
    if name in WRAPPERS:
        made.value = value
        return
    match name:
        case "google.protobuf.Timestamp":
            made.seconds, made.nanos = value // 1000, value % 1000 * 1_000_000
        case "google.type.Date":
            made.year, made.month, made.day = temporal.year_month_day(value)
        case "google.type.TimeOfDay":
            made.hours, made.minutes = value // 3_600_000, value // 60_000 % 60
            made.seconds, made.nanos = value // 1000 % 60, value % 1000 * 1_000_000
        case _ if name == DECIMAL:
            scale = -int(value.as_tuple().exponent)
            made.value = to_bytes(value, scale)
            made.precision, made.scale = len(value.as_tuple().digits), scale
        case _:
            _fill(message, value)
