"""The quick Avro reader and fastavro agree on every record; damaged ones are refused, whatever the damage."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud_pipeline.avro import AvroReader, UnreadableRecordError

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "double": st.floats(allow_nan=False),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "string": st.text(max_size=300),
    "boolean": st.booleans(),
}


@st.composite
def records(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(VALUES)) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema, and a record that fits it."""
    fields, record = [], {}
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(kinds))
        wrap = draw(st.sampled_from(["plain", "null first", "null last"]))
        declared = {"plain": kind, "null first": ["null", kind], "null last": [kind, "null"]}[wrap]
        fields.append({"name": f"F{number}", "type": declared})
        value = VALUES[kind]
        record[f"F{number}"] = draw(value if wrap == "plain" else st.one_of(value, st.none()))
    return {"type": "record", "name": "Payment", "fields": fields}, record


def written(schema: dict[str, Any], record: dict[str, Any]) -> bytes:
    body = BytesIO()
    fastavro.schemaless_writer(body, schema, record)
    return body.getvalue()


@given(records(), st.integers(0, 5))
def test_a_record_is_read_as_it_was_written(case: tuple[dict[str, Any], dict[str, Any]], start: int) -> None:
    schema, record = case
    value = b"\1" * start + written(schema, record)
    assert AvroReader(schema, start).read(value) == tuple(record.values())


@given(records(), st.data())
def test_a_damaged_record_is_refused_or_read_as_fastavro_reads_it(
    case: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    schema, record = case
    value = bytearray(written(schema, record))
    for position in data.draw(st.lists(st.integers(0, max(len(value) - 1, 0)), max_size=3)):
        if value:
            value[position] = data.draw(st.integers(0, 255))
    damaged = bytes(value[: data.draw(st.integers(0, len(value)))])
    try:
        read = AvroReader(schema).read(damaged)
    except UnreadableRecordError:
        return
    expected = tuple(fastavro.schemaless_reader(BytesIO(damaged), schema, None).values())
    assert repr(read) == repr(expected)  # damage may make a NaN, which equals nothing


@pytest.mark.parametrize("schema", ["string", {"type": "array", "items": "int"}, []])
def test_a_schema_that_is_no_record_is_refused(schema: Any) -> None:
    with pytest.raises(UnreadableRecordError, match="not the schema of an Avro record"):
        AvroReader(schema)


def test_types_are_known_by_column() -> None:
    schema = {
        "type": "record",
        "name": "P",
        "fields": [
            {"name": "ID", "type": "long"},
            {"name": "V1", "type": ["null", "double"]},
            {"name": "TAGS", "type": {"type": "array", "items": "string"}},
        ],
    }
    assert AvroReader(schema).types == {"ID": "long", "V1": "double", "TAGS": None}
