"""AVRO: the compiled writer writes what an independent reader reads, and its own reader reads it back."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.avro import AvroFormat
from pocket_ksql.formats.base import Target
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas

COLUMNS = (
    Column("ID", types.BIGINT),
    Column("A", types.DOUBLE),
    Column("B", types.DOUBLE),
    Column("NAME", types.STRING),
    Column("OK", types.BOOLEAN),
    Column("MONEY", types.Decimal(9, 3)),
    Column("DAYS", types.Array(types.INTEGER)),
    Column("TAGS", types.Map(types.STRING, types.DOUBLE)),
    Column("WHERE", types.Struct((("X", types.INTEGER), ("Y", types.STRING)))),
)
DOUBLES = st.none() | st.floats(allow_nan=False)
ROWS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    DOUBLES,
    DOUBLES,
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.booleans(),
    st.none() | st.decimals(-999999, 999999, places=3),
    st.none() | st.lists(st.none() | st.integers(-(2**31), 2**31 - 1)),
    st.none() | st.dictionaries(st.text("abc"), DOUBLES),
    st.none() | st.fixed_dictionaries({"X": st.none() | st.integers(0, 9), "Y": st.none() | st.text("ab")}),
)


@given(ROWS)
def test_rows_come_back(row: tuple[Any, ...]) -> None:
    where = Target("t", COLUMNS, MemorySchemas())
    written = AvroFormat().encoder(where)(row)
    assert written is not None
    assert AvroFormat().decoder(where)(written) == row


@given(ROWS)
def test_an_independent_reader_reads_the_bytes_to_their_end(row: tuple[Any, ...]) -> None:
    schemas = MemorySchemas()
    written = AvroFormat().encoder(Target("t", COLUMNS, schemas))(row)
    assert written is not None
    registered = schemas.latest("t-value")
    assert registered is not None
    assert written[:5] == b"\x00" + registered.id.to_bytes(4, "big")
    body = io.BytesIO(written[5:])
    value = fastavro.schemaless_reader(body, fastavro.parse_schema(json.loads(registered.text)), None)
    assert isinstance(value, dict)
    assert body.read() == b""
    assert [value["ID"], value["A"], value["NAME"], value["MONEY"]] == [row[0], row[1], row[3], row[5]]


def test_the_schema_is_named_as_ksqldb_names_it() -> None:
    schemas = MemorySchemas()
    AvroFormat().encoder(Target("t", COLUMNS[:2], schemas))
    registered = schemas.latest("t-value")
    assert registered is not None
    assert json.loads(registered.text) == {
        "type": "record",
        "name": "KsqlDataSourceSchema",
        "namespace": "io.confluent.ksql.avro_schemas",
        "fields": [
            {"name": "ID", "type": ["null", "long"], "default": None},
            {"name": "A", "type": ["null", "double"], "default": None},
        ],
        "connect.name": "io.confluent.ksql.avro_schemas.KsqlDataSourceSchema",
    }


@given(st.binary(max_size=60))
def test_any_bytes_give_a_row_or_a_reason(data: bytes) -> None:
    schemas = MemorySchemas()
    where = Target("t", COLUMNS, schemas)
    AvroFormat().encoder(where)
    decode = AvroFormat().decoder(where)
    for candidate in (data, b"\x00\x00\x00\x00\x01" + data):
        try:
            row = decode(candidate)
        except RecordError:
            continue
        assert row is None or len(row) == len(COLUMNS)


def test_an_unknown_schema_id_is_a_reason() -> None:
    decode = AvroFormat().decoder(Target("t", COLUMNS, MemorySchemas()))
    with pytest.raises(RecordError, match="Schema 7 is not in the registry"):
        decode(b"\x00\x00\x00\x00\x07\x00")


def test_a_single_key_column_stands_alone() -> None:
    where = Target("t", (Column("K", types.STRING),), MemorySchemas(), is_key=True, wrapped=False)
    assert AvroFormat().encoder(where)(("a",)) == b"\x00\x00\x00\x00\x01\x02a"


def test_fields_that_ksql_has_no_type_for_are_left_out() -> None:
    fields = [
        {"name": "u", "type": ["null", "int", "string"]},
        {"name": "n", "type": "null"},
        {"name": "a", "type": "int"},
    ]
    schema = {"type": "record", "name": "r", "fields": fields}
    schemas = MemorySchemas()
    number = schemas.register("t-value", "AVRO", json.dumps(schema))
    where = Target("t", (), schemas)
    registered = schemas.latest("t-value")
    assert registered is not None
    columns = tuple(AvroFormat().infer(where, registered))
    assert columns == (Column("A", types.INTEGER),)
    body = io.BytesIO()
    fastavro.schemaless_writer(body, fastavro.parse_schema(schema), {"u": "x", "n": None, "a": 5})
    data = b"\x00" + number.to_bytes(4, "big") + body.getvalue()
    assert AvroFormat().decoder(Target("t", columns, schemas))(data) == (5,)
