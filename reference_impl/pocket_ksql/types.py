"""SQL types, and the Python values that stand for them.

=============  ==========================================================
BOOLEAN        ``bool``
INTEGER        ``int`` (32 bits), BIGINT ``int`` (64 bits)
DOUBLE         ``float``
DECIMAL(p, s)  ``decimal.Decimal`` with exactly ``s`` decimals
STRING         ``str``
BYTES          ``bytes``
TIME           ``int``, milliseconds since midnight
DATE           ``int``, days since 1970-01-01
TIMESTAMP      ``int``, milliseconds since 1970-01-01T00:00:00Z
ARRAY<T>       ``list``
MAP<K, V>      ``dict``
STRUCT<…>      ``dict``, field names as declared
=============  ==========================================================

SQL's NULL is ``None`` everywhere.
"""

from __future__ import annotations

import decimal
import re
from dataclasses import dataclass

_BARE_NAME = re.compile(r"[A-Z_][A-Z0-9_]*\Z")


def quoted(name: str) -> str:
    """``name`` in backticks, as ksqlDB writes names in schemas."""
    return "`" + name.replace("`", "``") + "`"


@dataclass(frozen=True)
class SqlType:
    """Base of all types; ``str()`` gives ksqlDB's spelling with quoted field names."""

    def base(self) -> str:
        """The type's name without parameters: ``DECIMAL`` for ``DECIMAL(4, 2)``."""
        raise NotImplementedError


@dataclass(frozen=True)
class Primitive(SqlType):
    name: str

    def __str__(self) -> str:
        return self.name

    def base(self) -> str:
        return self.name


@dataclass(frozen=True)
class Decimal(SqlType):
    precision: int
    scale: int

    def __str__(self) -> str:
        return f"DECIMAL({self.precision}, {self.scale})"

    def base(self) -> str:
        return "DECIMAL"


@dataclass(frozen=True)
class Array(SqlType):
    item: SqlType

    def __str__(self) -> str:
        return f"ARRAY<{self.item}>"

    def base(self) -> str:
        return "ARRAY"


@dataclass(frozen=True)
class Map(SqlType):
    key: SqlType
    value: SqlType

    def __str__(self) -> str:
        return f"MAP<{self.key}, {self.value}>"

    def base(self) -> str:
        return "MAP"


@dataclass(frozen=True)
class Struct(SqlType):
    fields: tuple[tuple[str, SqlType], ...]

    def __str__(self) -> str:
        return f"STRUCT<{', '.join(f'{quoted(name)} {of}' for name, of in self.fields)}>"

    def base(self) -> str:
        return "STRUCT"

    def field(self, name: str) -> SqlType | None:
        """Type of the field ``name``, or ``None`` if there is none."""
        return dict(self.fields).get(name)


@dataclass(frozen=True)
class Lambda(SqlType):
    """The type of a lambda argument: parameter types and result; never the type of a column."""

    parameters: tuple[SqlType, ...]
    result: SqlType

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.parameters))
        return (
            f"LAMBDA ({inside}) => {self.result}" if len(self.parameters) > 1 else f"LAMBDA {inside} => {self.result}"
        )

    def base(self) -> str:
        return "LAMBDA"


@dataclass(frozen=True)
class Generic(SqlType):
    """A type variable in a function's signature."""

    name: str

    def __str__(self) -> str:
        return self.name

    def base(self) -> str:
        return self.name


BOOLEAN = Primitive("BOOLEAN")
INTEGER = Primitive("INTEGER")
BIGINT = Primitive("BIGINT")
DOUBLE = Primitive("DOUBLE")
STRING = Primitive("STRING")
BYTES = Primitive("BYTES")
TIME = Primitive("TIME")
DATE = Primitive("DATE")
TIMESTAMP = Primitive("TIMESTAMP")

NAMES: dict[str, SqlType] = {
    "BOOLEAN": BOOLEAN,
    "INT": INTEGER,
    "INTEGER": INTEGER,
    "BIGINT": BIGINT,
    "DOUBLE": DOUBLE,
    "STRING": STRING,
    "VARCHAR": STRING,
    "BYTES": BYTES,
    "TIME": TIME,
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
}
"""Every spelling of a type without parameters."""

_WIDTH = {"INTEGER": 1, "BIGINT": 2, "DECIMAL": 3, "DOUBLE": 4}


def is_numeric(of: SqlType | None) -> bool:
    """Whether arithmetic is defined on the type."""
    return of is not None and of.base() in _WIDTH


def width(of: SqlType) -> int:
    """Rank among the numeric types: a value of a lower rank converts to a higher one by itself."""
    return _WIDTH[of.base()]


def as_decimal(of: SqlType) -> Decimal:
    """The decimal type that holds every value of an exact numeric type."""
    if isinstance(of, Decimal):
        return of
    return {"INTEGER": Decimal(10, 0), "BIGINT": Decimal(19, 0)}[of.base()]


def decimal_type(value: decimal.Decimal) -> Decimal:
    """The type of a number as it is written; one digit at the least stands before the point: 0.5 is a DECIMAL(2, 1)."""
    _, digits, exponent = value.as_tuple()
    scale = max(-int(exponent), 0)
    return Decimal(max(len(digits) + max(int(exponent), 0), scale + 1), scale)


def wider_decimal(left: Decimal, right: Decimal) -> Decimal:
    """The smallest decimal type that holds the values of both."""
    scale = max(left.scale, right.scale)
    whole = max(left.precision - left.scale, right.precision - right.scale)
    return Decimal(whole + scale, scale)


def common_numeric(left: SqlType, right: SqlType) -> SqlType:
    """The numeric type that both convert to."""
    wide = left if width(left) >= width(right) else right
    if wide.base() == "DECIMAL":
        return wider_decimal(as_decimal(left), as_decimal(right))
    return wide


def converts_by_itself(left: SqlType, right: SqlType) -> bool:
    """Whether values of ``left`` become values of ``right`` without a CAST: numbers widen, on every level."""
    match left, right:
        case Decimal(), Decimal():
            return wider_decimal(left, right) == right
        case Array(item), Array(other):
            return converts_by_itself(item, other)
        case Map(key, value), Map(other_key, other_value):
            return converts_by_itself(key, other_key) and converts_by_itself(value, other_value)
        case Struct(fields), Struct():
            known = [(of, right.field(name)) for name, of in fields]
            return all(other is None or converts_by_itself(of, other) for of, other in known)
    if is_numeric(left) and isinstance(right, Decimal):
        return left != DOUBLE and wider_decimal(as_decimal(left), right) == right
    return left == right or (is_numeric(left) and is_numeric(right) and width(left) < width(right))
