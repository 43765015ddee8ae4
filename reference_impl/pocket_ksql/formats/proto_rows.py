"""The rows of a query's answer as Protobuf: one message, named and numbered as Kafka Connect does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.formats.json_reader import coercion
from pocket_ksql.formats.proto_text import proto_text
from pocket_ksql.formats.proto_writer import message_writer
from pocket_ksql.schema import Column
from pocket_ksql.types import SqlType

_NAME = "ConnectDefault"


def schema_text(columns: Sequence[Column]) -> str:
    """The message's schema; nested messages are numbered in the order in which they are met."""
    number = 1

    def next_name(_: str) -> str:
        nonlocal number
        number += 1
        return f"{_NAME}{number}"

    return proto_text(f"{_NAME}1", [(one.name, one.type) for one in columns], None, next_name, blank_lines=True)


def row_writer(columns: Sequence[Column]) -> Callable[[Sequence[Any]], bytes]:
    """Writes a row whose values are those of JSON."""
    write = message_writer([(one.name, one.type) for one in columns], None)
    reads = [_reader(one.type) for one in columns]
    return lambda row: write([None if value is None else read(value) for read, value in zip(reads, row, strict=True)])


def _reader(of: SqlType) -> Callable[[Any], Any]:
    return coercion(of) if of.base() != types.DOUBLE.base() else float
