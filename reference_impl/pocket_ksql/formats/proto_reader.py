"""The bytes of a Protobuf message to values, compiled for its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.decimals import of_bytes
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.proto_wire import (
    BYTES,
    DEFAULTS,
    DOUBLE,
    FIXED64,
    SCALARS,
    Fields,
    read_varint,
    scalar,
    signed,
    split,
)
from pocket_ksql.types import SqlType


def message_reader(fields: Fields, nullable: str | None) -> Callable[[bytes], list[Any]]:
    """Reads a message as the values of ``fields``."""
    readers = [(number, _reader(of, nullable)) for number, (_, of) in enumerate(fields, 1)]

    def read(data: bytes) -> list[Any]:
        found = split(data)
        return [reader(found.get(number, [])) for number, reader in readers]

    return read


def _read_scalar(of: SqlType, wire: int, value: Any) -> Any:
    base = of.base()
    if wire != scalar(of)[0]:
        raise RecordError(f"Protobuf field of wire type {wire} cannot be read as {of}")
    match base:
        case "DOUBLE":
            return DOUBLE.unpack(value)[0]
        case "STRING":
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                raise RecordError(f"not UTF-8: {error.reason} at byte {error.start}") from None
        case "BOOLEAN":
            return bool(value)
        case "INTEGER":
            return signed(value, 32)
        case "BIGINT":
            return signed(value, 64)
    return value


def _reader(of: SqlType, nullable: str | None) -> Callable[[list[tuple[int, Any]]], Any]:
    if of.base() in SCALARS:
        default = None if nullable == "OPTIONAL" else DEFAULTS.get(of.base())
        if nullable == "WRAPPER":
            inside = message_reader([("value", of)], None)
            return lambda found: inside(_last(found))[0] if found else None
        return lambda found: _read_scalar(of, *found[-1]) if found else default
    match of:
        case types.Array(item):
            return lambda found: list(_items(item, found))
        case types.Map(key, value):
            entry = message_reader([("key", key), ("value", value)], None)
            return lambda found: {pair[0]: pair[1] for pair in (entry(_sub(one)) for one in found)}
    message = _message_reader(of)
    return lambda found: message(_last(found)) if found else None


def _sub(one: tuple[int, Any]) -> bytes:
    wire, value = one
    if wire != BYTES:
        raise RecordError(f"Protobuf field of wire type {wire} is no message")
    data: bytes = value
    return data


def _last(found: list[tuple[int, Any]]) -> bytes:
    return _sub(found[-1])


def _items(item: SqlType, found: list[tuple[int, Any]]) -> Iterator[Any]:
    if item.base() not in SCALARS:
        read = _reader(item, None)
        yield from (read([one]) for one in found)
        return
    wire = scalar(item)[0]
    for kind, value in found:
        if kind == wire:
            yield _read_scalar(item, kind, value)
        elif kind == BYTES and wire == FIXED64:
            yield from (_read_scalar(item, wire, value[at : at + 8]) for at in range(0, len(value) - 7, 8))
        elif kind == BYTES:
            at = 0
            while at < len(value):
                number, at = read_varint(value, at)
                yield _read_scalar(item, wire, number)


def _message_reader(of: SqlType) -> Callable[[bytes], Any]:
    match of:
        case types.Struct(fields):
            read = message_reader(fields, None)
            names = [name for name, _ in fields]
            return lambda data: dict(zip(names, read(data), strict=True))
        case types.Decimal(_, scale):
            return lambda data: _read_decimal(data, scale)
        case types.DATE:
            whole = message_reader([(name, types.INTEGER) for name in ("year", "month", "day")], None)
            return lambda data: _read_date(whole(data))
        case types.TIME:
            parts = message_reader([(name, types.INTEGER) for name in ("hours", "minutes", "seconds", "nanos")], None)
            return lambda data: _read_time(parts(data))
    moment = message_reader([("seconds", types.BIGINT), ("nanos", types.INTEGER)], None)
    return lambda data: _read_moment(moment(data))


def _read_decimal(data: bytes, scale: int) -> Decimal:
    found = split(data)
    return of_bytes(_last(found[1]) if 1 in found else b"", scale)


def _read_date(parts: list[int]) -> int:
    year, month, day = parts
    try:
        return temporal.day_number(year, month, day)
    except ValueError as error:
        raise RecordError(f"{parts} is no date: {error}") from None


def _read_time(parts: list[int]) -> int:
    hours, minutes, seconds, nanos = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + nanos // 1_000_000


def _read_moment(parts: list[int]) -> int:
    return parts[0] * 1000 + parts[1] // 1_000_000
