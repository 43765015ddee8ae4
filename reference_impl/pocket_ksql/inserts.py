"""INSERT INTO … VALUES: constant expressions to one record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.codegen.code import EVALUATION_ERRORS
from pocket_ksql.codegen.expressions import ExpressionCompiler
from pocket_ksql.codegen.sinks import key_encoder
from pocket_ksql.codegen.sources import target_of
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError, RecordError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Encoder, Row
from pocket_ksql.functions.registry import FunctionKind
from pocket_ksql.given import fit_given, type_of_given
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.records import Produced
from pocket_ksql.schema import ROWOFFSET, ROWPARTITION, ROWTIME
from pocket_ksql.source import Source
from pocket_ksql.types import SqlType
from pocket_ksql.world import World
from pocket_ksql.writer import Writer


def records(world: World, tree: st.InsertValues, properties: Mapping[str, Any]) -> tuple[Produced, ...]:
    """The record that INSERT VALUES writes; raises ``KsqlStatementError``."""
    source = world.metastore.sources.get(tree.target)
    if source is None:
        message = f"Cannot insert values into an unknown stream/table: {types.quoted(tree.target)}"
        if tree.target != tree.target.upper() and tree.target.upper() in world.metastore.sources:
            message += f"\nDid you mean {tree.target.upper()}? Hint: try removing double quotes from the source name."
        raise KsqlStatementError(message, error_code=BAD_REQUEST)
    try:
        return (_record(world, tree, source),)
    except KsqlStatementError as error:
        message = f"Failed to insert values into '{tree.target}'. {error.message}"
        raise KsqlStatementError(message, format_statement(tree)) from None


def _record(world: World, tree: st.InsertValues, source: Source) -> Produced:
    if source.read_only:
        raise KsqlStatementError(f"Cannot insert values into read-only {source.kind.value.lower()}: {source.name}")
    if source.window is not None:
        raise KsqlStatementError("Cannot insert values into windowed stream or table!")
    if source.schema.headers:
        raise KsqlStatementError("Cannot insert into HEADER columns")
    names = tree.columns or tuple(column.name for column in source.schema)
    if len(names) != len(tree.values):
        raise KsqlStatementError(
            f"Expected a value for each column. Expected Columns: [{', '.join(map(types.quoted, names))}]. "
            f"Got {len(tree.values)} value(s)."
        )
    values: dict[str, Any] = {}
    for name, expression in zip(names, tree.values, strict=True):
        column = source.schema.find(name)
        if column is None and name in (ROWPARTITION, ROWOFFSET):
            raise KsqlStatementError(f"Inserting into column {types.quoted(name)} is not allowed.")
        target = types.BIGINT if name == ROWTIME else column.type if column else None
        if target is None:
            raise KsqlStatementError(f"Column name {types.quoted(name)} does not exist.")
        values[name] = _value(world, expression, target, name)
    if (values.get(ROWTIME) or 0) < 0:
        raise KsqlStatementError(f"Invalid timestamp: {values[ROWTIME]}. Timestamp should always be non-negative.")
    return write(world, source, values, values.get(ROWTIME))


def write(world: World, source: Source, values: Mapping[str, Any], timestamp: int | None) -> Produced:
    """The record of ``source`` that holds ``values``."""
    key = tuple(values.get(column.name) for column in source.schema.key)
    if source.is_table and None in key:
        missing = next(c.name for c, v in zip(source.schema.key, key, strict=True) if v is None)
        raise KsqlStatementError(f"Value for primary key column(s) {types.quoted(missing)} is required for tables")
    row = tuple(values.get(column.name) for column in source.schema.value)
    encode = find_format(source.value_format.name).encoder(target_of(source, world.schemas, is_key=False))
    return Produced(
        source.topic,
        _serialized("key", key, key_encoder(source, world.schemas)),
        _serialized("value", row, encode),
        world.clock() if timestamp is None else timestamp,
    )


def _serialized(side: str, row: Row, encode: Encoder) -> bytes | None:
    try:
        return encode(row)
    except RecordError as error:
        raise KsqlStatementError(f"Could not serialize {side}: {list(row)}. {error.message}") from None


def constant(world: World, expression: Any) -> tuple[Any, SqlType | None]:
    """Value and type of an expression without columns."""
    _refuse_rows(world, expression)
    writer = Writer()
    code = ExpressionCompiler(writer, world.functions, {}).compile(expression)
    with writer.block("def constant():"):
        writer.line(f"return {code.text}")
    try:
        return writer.compile("constant")(), code.type
    except EVALUATION_ERRORS as error:
        raise KsqlStatementError(f"Failed to evaluate the value: {error}") from None


def _refuse_rows(world: World, expression: Any) -> None:
    """Aggregate and table functions are for the rows of a query."""
    for part in ex.walk(expression):
        if isinstance(part, ex.Call) and part.name in world.functions:
            kind = world.functions.find(part.name).kind
            if kind is not FunctionKind.SCALAR:
                raise KsqlStatementError(f"{part.name} is no scalar function: a value that is inserted has no rows")


def _value(world: World, expression: Any, target: SqlType, name: str) -> Any:
    if isinstance(expression, ex.Given):
        value, of, convert = expression.value, type_of_given(expression.value), fit_given
    else:
        value, typed = constant(world, expression)
        of, convert = str(typed), lambda value, target: _coerced(value, typed, target)
    if value is None:
        return None
    try:
        return convert(value, target)
    except (ValueError, ArithmeticError):
        message = f"Expected type {target} for field {types.quoted(name)} but got {of}({_shown(value)})"
        raise KsqlStatementError(message) from None


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _coerced(value: Any, of: SqlType | None, target: SqlType) -> Any:
    """``value`` as ``target`` where that loses nothing. Raises ``ValueError``, ``ArithmeticError``."""
    if value is None or of is None:
        return None
    match of, target:
        case types.Array(item), types.Array(other):
            return [_coerced(one, item, other) for one in value]
        case types.Map(key, inner), types.Map(other_key, other):
            return {_coerced(one, key, other_key): _coerced(entry, inner, other) for one, entry in value.items()}
        case types.Struct(), types.Struct(fields):
            return {name: _coerced(value.get(name), of.field(name), field) for name, field in fields}
    allowed = (
        of == target
        or (types.is_numeric(of) and types.is_numeric(target) and types.width(of) <= types.width(target))
        or (of == types.STRING and target.base() in ("TIME", "DATE", "TIMESTAMP", "DECIMAL", "BYTES"))
    )
    if not allowed:
        raise ValueError(f"{of} is no {target}")
    convert = casts.literal_reader(target) if of == types.STRING else casts.converter(of, target)
    assert convert is not None
    return convert(value)
