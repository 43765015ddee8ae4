"""What every format offers: a decoder and an encoder compiled for given columns."""

from __future__ import annotations

import base64
import decimal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pocket_ksql import types
from pocket_ksql.decimals import rescaled
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.schema import Column
from pocket_ksql.services import RegisteredSchema, Schemas
from pocket_ksql.text import read_decimal
from pocket_ksql.types import SqlType

Row = tuple[Any, ...]
Decoder = Callable[[bytes], Row | None]
"""Bytes to the values of all columns, ``None`` for bytes that mean "no value"; raises ``RecordError``."""
Encoder = Callable[[Row], bytes | None]
"""The values of all columns to bytes, ``None`` where the format has no bytes for them; raises ``RecordError``."""
UNSERIALIZABLE = "Unable to serialize record"
"""How the reason begins why a row does not fit a registered schema; it ends a query in ksqlDB."""


@dataclass(frozen=True)
class Target:
    """Columns in the key or the value of a topic, the format's properties, and the Schema Registry.

    ``wrapped`` says whether a single column stands in a record of one field (as values do) or alone (as keys do).
    """

    topic: str
    columns: tuple[Column, ...]
    schemas: Schemas
    is_key: bool = False
    wrapped: bool = True
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The subject under which the registry keeps the schema."""
        return f"{self.topic}-{'key' if self.is_key else 'value'}"


class Format(ABC):
    """A format; stateless, one instance serves all queries."""

    name: str
    needs_registry = False
    can_wrap = False
    """Whether a single column can stand in a record of one field."""
    can_unwrap = True
    """Whether a single column can stand alone."""
    maps: str | None = None
    """What is said of a map whose keys are no STRING."""

    @abstractmethod
    def decoder(self, target: Target) -> Decoder:
        """Compile the reading of ``target``."""

    @abstractmethod
    def encoder(self, target: Target) -> Encoder:
        """Compile the writing of ``target``; with a registry, registers the schema."""

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        """The part of a type that this format cannot hold, or ``None``."""
        return None

    def check(self, columns: Iterable[Column], is_key: bool) -> None:
        """Raise ``KsqlStatementError`` if a column's type is not supported."""
        for column in columns:
            wrong = self.unsupported(column.type, is_key)
            if wrong is not None:
                if isinstance(wrong, types.Map) and self.maps is not None and wrong.key != types.STRING:
                    raise KsqlStatementError(self.maps)
                raise KsqlStatementError(
                    f"The '{self.name}' format does not support type '{wrong.base()}', column: `{column.name}`"
                )

    def infer(self, target: Target, schema: RegisteredSchema) -> tuple[Column, ...]:
        """Columns from a registered schema."""
        raise KsqlStatementError(f"The '{self.name}' format does not support schema inference.")


def nested_types(of: SqlType) -> Iterable[SqlType]:
    """The type and everything inside it."""
    yield of
    match of:
        case types.Array(item):
            yield from nested_types(item)
        case types.Map(key, value):
            yield from nested_types(key)
            yield from nested_types(value)
        case types.Struct(fields):
            for _, one in fields:
                yield from nested_types(one)


def map_without_text_keys(of: SqlType, is_key: bool) -> SqlType | None:
    """A map inside the type that formats of objects with named fields cannot hold: any in a key, there being no rule
    for the order of its entries, else one whose keys are not STRING; or ``None``."""
    maps = (one for one in nested_types(of) if isinstance(one, types.Map))
    return next((one for one in maps if is_key or one.key != types.STRING), None)


def decimal_of(target: types.Decimal) -> Callable[[Any], decimal.Decimal]:
    """Reads a number or its text as a decimal of exactly the target's scale."""

    def convert(value: Any) -> decimal.Decimal:
        if isinstance(value, bool):
            raise RecordError(f"{value!r} is no {target}")
        try:
            if isinstance(value, str):
                number = read_decimal(value)
            else:
                number = decimal.Decimal(value if isinstance(value, (int, decimal.Decimal)) else repr(value))
            exact = rescaled(number, target.scale)
        except (decimal.InvalidOperation, ValueError, TypeError):
            raise RecordError(f"{value!r} is no {target}") from None
        if exact != number or (
            exact.adjusted() + 1 > target.precision - target.scale and exact != 0 and abs(exact) >= 1
        ):
            raise RecordError(f"{value!r} does not fit {target}")
        return exact

    return convert


def bytes_of(text: str) -> bytes:
    """Bytes from Base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise RecordError(f"{text!r} is no Base64") from None


def int32(text: str) -> int:
    """An INTEGER from text; ``ValueError`` for anything else."""
    value = int(text)
    if not -0x80000000 <= value <= 0x7FFFFFFF or not _is_digits(text):
        raise ValueError(f"{text!r} is no INTEGER")
    return value


def int64(text: str) -> int:
    """A BIGINT from text; ``ValueError`` for anything else."""
    value = int(text)
    if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF or not _is_digits(text):
        raise ValueError(f"{text!r} is no BIGINT")
    return value


def _is_digits(text: str) -> bool:
    """Whether a number that Python reads is one in Java, where neither blanks nor underscores belong to it."""
    return text.isdigit() or (text[0] in "+-" and text[1:].isdigit())
