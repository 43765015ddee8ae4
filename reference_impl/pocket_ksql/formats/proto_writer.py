"""Values to the bytes of a Protobuf message, compiled for its fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.decimals import to_bytes
from pocket_ksql.formats.proto_wire import (
    BYTES,
    DEFAULTS,
    SCALARS,
    VARINT,
    Fields,
    scalar,
    sized,
    tagged,
    varint,
)
from pocket_ksql.types import SqlType


def message_writer(fields: Fields, nullable: str | None) -> Callable[[Sequence[Any]], bytes]:
    """Writes the values of ``fields`` as a message."""
    writers = [_writer(number, of, nullable) for number, (_, of) in enumerate(fields, 1)]

    def write(row: Sequence[Any]) -> bytes:
        return b"".join([one(value) for one, value in zip(writers, row, strict=True) if value is not None])

    return write


def _writer(number: int, of: SqlType, nullable: str | None) -> Callable[[Any], bytes]:
    if of.base() in SCALARS:
        return _scalar_writer(number, of, nullable)
    match of:
        case types.Array(item):
            return _array_writer(number, item)
        case types.Map(key, value):
            entry = message_writer([("key", key), ("value", value)], None)
            return lambda values: b"".join([sized(number, entry(pair)) for pair in values.items()])
    message = _message(of)
    return lambda value: sized(number, message(value))


def _scalar_writer(number: int, of: SqlType, nullable: str | None) -> Callable[[Any], bytes]:
    wire, write = scalar(of)
    default = DEFAULTS.get(of.base(), b"")
    tag = tagged(number, wire)

    def plain(value: Any) -> bytes:
        data = write(value)
        return tag + (varint(len(data)) + data if wire == BYTES else data)

    if nullable == "OPTIONAL":
        return plain
    if nullable == "WRAPPER":
        inside = _scalar_writer(1, of, None)
        return lambda value: sized(number, inside(value))
    return lambda value: b"" if value == default else plain(value)


def _array_writer(number: int, item: SqlType) -> Callable[[list[Any]], bytes]:
    if item.base() in SCALARS:
        wire, write = scalar(item)
        default = DEFAULTS.get(item.base(), b"")
        if wire != BYTES:
            return lambda values: _packed(number, [write(default if one is None else one) for one in values])
        return lambda values: b"".join([sized(number, write(default if one is None else one)) for one in values])
    one = _writer(number, item, "OPTIONAL")
    return lambda values: b"".join([sized(number, b"") if value is None else one(value) for value in values])


def _packed(number: int, items: list[bytes]) -> bytes:
    return sized(number, b"".join(items)) if items else b""


def _message(of: SqlType) -> Callable[[Any], bytes]:
    """Writes the message that stands for a value which is no scalar."""
    match of:
        case types.Struct(fields):
            write = message_writer(fields, None)
            names = [name for name, _ in fields]
            return lambda value: write([value.get(name) for name in names])
        case types.Decimal(precision, scale):
            return lambda value: _decimal(value, precision, scale)
        case types.DATE:
            whole = message_writer([(name, types.INTEGER) for name in ("year", "month", "day")], None)
            return lambda value: whole(temporal.year_month_day(value))
        case types.TIME:
            parts = message_writer([(name, types.INTEGER) for name in ("hours", "minutes", "seconds", "nanos")], None)
            return lambda value: parts(
                (value // 3_600_000, value // 60_000 % 60, value // 1000 % 60, value % 1000 * 1_000_000)
            )
    moment = message_writer([("seconds", types.BIGINT), ("nanos", types.INTEGER)], None)
    return lambda value: moment((value // 1000, value % 1000 * 1_000_000))


def _decimal(value: Decimal, precision: int, scale: int) -> bytes:
    return sized(1, to_bytes(value, scale)) + tagged(2, VARINT) + varint(precision) + tagged(3, VARINT) + varint(scale)
