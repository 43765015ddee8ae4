"""The compiled reader of Avro: the same rows as the general one, whatever was written, and however it was damaged."""

from __future__ import annotations

import io
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.formats.avro_reader import compile_reader
from pocket_ksql.formats.base import Row
from pocket_ksql.schema import Column

KINDS = {
    "int": types.INTEGER,
    "long": types.BIGINT,
    "double": types.DOUBLE,
    "string": types.STRING,
    "boolean": types.BOOLEAN,
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False),
    "string": st.text(max_size=200),
    "boolean": st.booleans(),
}
SHAPES = ("plain", "null first", "null last")


@st.composite
def written(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema of primitive fields, and a record of it."""
    fields, record = [], {}
    for number in range(draw(st.integers(1, 12))):
        kind, shape = draw(st.sampled_from(list(KINDS))), draw(st.sampled_from(SHAPES))
        declared = {"plain": kind, "null first": ["null", kind], "null last": [kind, "null"]}[shape]
        fields.append({"name": f"F{number}", "type": declared})
        values = VALUES[kind] if shape == "plain" else VALUES[kind] | st.none()
        record[f"F{number}"] = draw(values)
    return {"type": "record", "name": "R", "fields": fields}, record


def columns_of(schema: dict[str, Any]) -> tuple[Column, ...]:
    kinds = [
        next(one for one in field["type"] if one != "null") if isinstance(field["type"], list) else field["type"]
        for field in schema["fields"]
    ]
    return tuple(Column(field["name"], KINDS[kind]) for field, kind in zip(schema["fields"], kinds, strict=True))


class Unreadable(Exception):
    """What the general reader says of damaged data here."""


def general_reader(schema: dict[str, Any]) -> Any:
    parsed = fastavro.parse_schema(schema)

    def read(data: bytes) -> Row:
        try:
            return tuple(fastavro.schemaless_reader(io.BytesIO(data), parsed, None).values())  # type: ignore[union-attr, arg-type]
        except Exception as error:
            raise Unreadable from error

    return read


def encoded(schema: dict[str, Any], record: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), record)
    return out.getvalue()


@given(written())
def test_it_reads_what_was_written(data: tuple[dict[str, Any], dict[str, Any]]) -> None:
    schema, record = data
    read = compile_reader(schema, columns_of(schema), general_reader(schema))
    assert read is not None
    assert read(encoded(schema, record)) == tuple(record.values())


@given(written(), st.data())
def test_of_damaged_data_it_says_what_the_general_reader_says(
    data: tuple[dict[str, Any], dict[str, Any]], choice: st.DataObject
) -> None:
    schema, record = data
    body = encoded(schema, record)
    cut = body[: choice.draw(st.integers(0, len(body)))]
    general = general_reader(schema)
    read = compile_reader(schema, columns_of(schema), general)
    assert read is not None
    try:
        expected = general(cut)
    except Unreadable:
        with pytest.raises(Unreadable):
            read(cut)
    else:
        assert read(cut) == expected


def test_columns_are_found_by_name_and_absent_ones_are_null() -> None:
    schema = {
        "type": "record",
        "name": "R",
        "fields": [{"name": "amount", "type": "double"}, {"name": "ID", "type": "int"}],
    }
    columns = (Column("ID", types.BIGINT), Column("NOTE", types.STRING), Column("AMOUNT", types.DOUBLE))
    read = compile_reader(schema, columns, general_reader(schema))
    assert read is not None
    assert read(encoded(schema, {"amount": 2.5, "ID": 7})) == (7, None, 2.5)


@pytest.mark.parametrize("declared", [{"type": "array", "items": "int"}, ["null", "int", "string"], "bytes", "float"])
def test_other_types_are_left_to_the_general_reader(declared: Any) -> None:
    schema = {"type": "record", "name": "R", "fields": [{"name": "F", "type": declared}]}
    assert compile_reader(schema, (Column("F", types.INTEGER),), general_reader(schema)) is None


def test_a_column_of_another_type_is_left_to_the_general_reader() -> None:
    schema = {"type": "record", "name": "R", "fields": [{"name": "F", "type": "double"}]}
    assert compile_reader(schema, (Column("F", types.STRING),), general_reader(schema)) is None
