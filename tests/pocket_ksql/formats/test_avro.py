"""AVRO: the compiled writer writes what an independent reader reads, and its own reader reads it back."""

from __future__ import annotations

import decimal
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
from pocket_ksql.formats.avro_names import whole
from pocket_ksql.formats.base import Target
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas
from tests.pocket_ksql.worlds import WIDE_DECIMALS

COLUMNS = (
    Column("ID", types.BIGINT),
    Column("A", types.DOUBLE),
    Column("B", types.DOUBLE),
    Column("NAME", types.STRING),
    Column("OK", types.BOOLEAN),
    Column("MONEY", types.Decimal(38, 10)),
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
    st.none() | WIDE_DECIMALS,
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


def inferred(schema: Any, *values: Any, references: tuple[tuple[str, str], ...] = ()) -> tuple[str, list[Any]]:
    """The columns for a registered schema, and the rows that values written with it are read as.

    ``values`` are written by the schema that all references are part of.
    """
    schemas = MemorySchemas()
    number = schemas.register("t-value", "AVRO", json.dumps(schema), references=references)
    registered = schemas.latest("t-value")
    assert registered is not None
    columns = tuple(AvroFormat().infer(Target("t", (), schemas), registered))
    decode = AvroFormat().decoder(Target("t", columns, schemas))
    rows = []
    for value in values:
        body = io.BytesIO()
        fastavro.schemaless_writer(body, fastavro.parse_schema(whole(registered)), value)
        rows.append(decode(b"\x00" + number.to_bytes(4, "big") + body.getvalue()))
    return ", ".join(f"{one.name} {one.type}" for one in columns), rows


def record_of(**fields: Any) -> dict[str, Any]:
    named = [{"name": name, "type": of} for name, of in fields.items()]
    return {"type": "record", "name": "R", "namespace": "shop", "fields": named}


def test_fields_that_ksql_has_no_type_for_are_left_out() -> None:
    assert inferred(record_of(n="null", m=["null"], a="int"), {"n": None, "m": None, "a": 5}) == ("A INTEGER", [(5,)])


def test_a_union_of_several_types_is_a_struct_of_which_one_field_is_set() -> None:
    columns, rows = inferred(
        record_of(u=["null", "string", "int"], b="int"), {"u": "x", "b": 1}, {"u": 5, "b": 2}, {"u": None, "b": 3}
    )
    assert columns == "U STRUCT<`STRING` STRING, `INT` INTEGER>, B INTEGER"
    assert rows == [({"STRING": "x", "INT": None}, 1), ({"STRING": None, "INT": 5}, 2), (None, 3)]


def test_records_in_a_union_are_called_by_their_names() -> None:
    card = {"type": "record", "name": "Card", "fields": [{"name": "number", "type": "string"}]}
    cash = {"type": "record", "name": "shop.till.Cash", "fields": [{"name": "cents", "type": "long"}]}
    columns, rows = inferred(
        record_of(paid=[card, cash], again="Card"), {"paid": {"cents": 5}, "again": {"number": "1"}}
    )
    assert (
        columns
        == "PAID STRUCT<`CARD` STRUCT<`NUMBER` STRING>, `CASH` STRUCT<`CENTS` BIGINT>>, AGAIN STRUCT<`NUMBER` STRING>"
    )
    assert rows == [({"CARD": None, "CASH": {"CENTS": 5}}, {"NUMBER": "1"})]


def test_unions_within_arrays_and_maps_are_structs_too() -> None:
    columns, rows = inferred(
        record_of(
            a={"type": "array", "items": ["null", "int", "boolean"]}, m={"type": "map", "values": ["long", "double"]}
        ),
        {"a": [1, None, True], "m": {"x": 5, "y": 1.5}},
    )
    assert (
        columns
        == "A ARRAY<STRUCT<`INT` INTEGER, `BOOLEAN` BOOLEAN>>, M MAP<STRING, STRUCT<`LONG` BIGINT, `DOUBLE` DOUBLE>>"
    )
    ((array, of_map),) = rows
    assert array == [{"INT": 1, "BOOLEAN": None}, None, {"INT": None, "BOOLEAN": True}]
    assert of_map == {"x": {"LONG": 5, "DOUBLE": None}, "y": {"LONG": None, "DOUBLE": 1.5}}


def test_a_type_that_is_used_again_is_known_by_its_name() -> None:
    colour = {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}
    schema = record_of(a=colour, b="Colour", c=["null", "shop.Colour"])
    assert inferred(schema, {"a": "RED", "b": "BLUE", "c": "RED"}) == (
        "A STRING, B STRING, C STRING",
        [("RED", "BLUE", "RED")],
    )


def test_logical_types_that_ksql_does_not_know_are_what_they_are_made_of() -> None:
    schema = record_of(
        id={"type": "string", "logicalType": "uuid"},
        at={"type": "long", "logicalType": "timestamp-micros"},
        t={"type": "long", "logicalType": "time-micros"},
    )
    written = {"id": "00000000-0000-0000-0000-000000000005", "at": 5, "t": 6}
    assert inferred(schema, written) == ("ID STRING, AT BIGINT, T BIGINT", [tuple(written.values())])


def test_a_decimal_that_does_not_say_its_precision_has_that_of_kafka_connect() -> None:
    schemas = MemorySchemas()
    schemas.register("t-value", "AVRO", '{"type": "bytes", "logicalType": "decimal", "scale": 2}')
    registered = schemas.latest("t-value")
    assert registered is not None
    columns = AvroFormat().infer(Target("t", (), schemas, wrapped=False), registered)
    assert [str(column.type) for column in columns] == ["DECIMAL(64, 2)"]
    decode = AvroFormat().decoder(Target("t", tuple(columns), schemas, wrapped=False))
    assert decode(b"\x00\x00\x00\x00\x01\x04\x19\x79") == (decimal.Decimal("65.21"),)


def test_types_of_other_schemas_are_found_under_their_names() -> None:
    place = {"type": "record", "name": "Place", "namespace": "geo", "fields": [{"name": "x", "type": "int"}]}
    columns, rows = inferred(
        record_of(a="geo.Place", b=["null", "geo.Place"], c="int"),
        {"a": {"x": 1}, "b": {"x": 2}, "c": 3},
        references=(("geo.Place", json.dumps(place)),),
    )
    assert columns == "A STRUCT<`X` INTEGER>, B STRUCT<`X` INTEGER>, C INTEGER"
    assert rows == [({"X": 1}, {"X": 2}, 3)]


def test_a_struct_is_written_as_the_union_that_a_given_schema_has() -> None:
    schemas = MemorySchemas()
    schema = record_of(U=["null", "string", "int"])
    number = schemas.register("t-value", "AVRO", json.dumps(schema))
    columns = (Column("U", types.Struct((("string", types.STRING), ("int", types.INTEGER)))),)
    encode = AvroFormat().encoder(Target("t", columns, schemas, properties={"schema_id": str(number)}))
    read = []
    for value in ({"string": None, "int": 5}, {"string": "x", "int": None}, None):
        data = encode((value,))
        assert data is not None
        read.append(fastavro.schemaless_reader(io.BytesIO(data[5:]), fastavro.parse_schema(schema), None))
    assert read == [{"U": 5}, {"U": "x"}, {"U": None}]


@pytest.mark.parametrize(
    ("declared", "default", "read"),
    [(["string", "null"], "x", "x"), (["null", "string"], None, None), ("string", "x", "x")],
)
def test_null_is_written_as_what_a_given_schema_has_by_default(declared: Any, default: Any, read: Any) -> None:
    schemas = MemorySchemas()
    schema = {"type": "record", "name": "R", "fields": [
        {"name": "A", "type": declared, "default": default}, {"name": "B", "type": declared, "default": default},
    ]}  # fmt: skip
    number = schemas.register("t-value", "AVRO", json.dumps(schema))
    where = Target("t", (Column("A", types.STRING),), schemas, properties={"schema_id": str(number)})
    data = AvroFormat().encoder(where)((None,))
    assert data is not None
    assert fastavro.schemaless_reader(io.BytesIO(data[5:]), fastavro.parse_schema(schema), None) == {
        "A": read,
        "B": read,
    }
    assert AvroFormat().decoder(where)(data) == (read,)
