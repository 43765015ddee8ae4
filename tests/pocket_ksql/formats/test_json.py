"""JSON: values come back, field names match without case, numbers and text convert as ksqlDB does."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.json import JsonFormat
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas

COLUMNS = (
    Column("ID", types.BIGINT),
    Column("A", types.DOUBLE),
    Column("NAME", types.STRING),
    Column("MONEY", types.Decimal(20, 10)),
    Column("XS", types.Array(types.Map(types.STRING, types.BYTES))),
)
ROWS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.decimals(-(10**9), 10**9, places=10),
    st.none() | st.lists(st.none() | st.dictionaries(st.text("ab"), st.none() | st.binary())),
)


def target(*columns: Column) -> Target:
    return Target("t", columns, MemorySchemas())


@given(ROWS)
def test_rows_come_back(row: tuple[Any, ...]) -> None:
    written = JsonFormat("JSON").encoder(target(*COLUMNS))(row)
    assert written is not None
    assert JsonFormat("JSON").decoder(target(*COLUMNS))(written) == row


@given(st.binary())
def test_any_bytes_give_a_row_or_a_reason(data: bytes) -> None:
    try:
        row = JsonFormat("JSON").decoder(target(*COLUMNS))(data)
    except RecordError:
        return
    assert row is None or len(row) == len(COLUMNS)


def test_field_names_match_without_case_and_exact_ones_win() -> None:
    decode = JsonFormat("JSON").decoder(target(Column("ID", types.BIGINT), Column("NAME", types.STRING)))
    assert decode(b'{"id": 1, "Name": "a"}') == (1, "a")
    assert decode(b'{"id": 1, "ID": 2}') == (2, None)


def test_values_convert_to_the_column_s_type() -> None:
    decode = JsonFormat("JSON").decoder(target(*COLUMNS[:4]))
    assert decode(b'{"ID": "12", "A": 1, "NAME": 1.5, "MONEY": 3}') == (12, 1.0, "1.5", Decimal("3.0000000000"))


@pytest.mark.parametrize("data", [b'{"ID": true}', b'{"ID": "x"}', b'{"ID": [1]}', b"[1]", b"{", b'{"ID": 1e30}',
                                  b'{"MONEY": true}'])  # fmt: skip
def test_what_cannot_convert_is_a_reason(data: bytes) -> None:
    with pytest.raises(RecordError):
        JsonFormat("JSON").decoder(target(*COLUMNS))(data)


def test_nan_and_infinity_are_text_as_java_writes_them() -> None:
    encode = JsonFormat("JSON").encoder(target(Column("A", types.DOUBLE), Column("B", types.DOUBLE)))
    assert orjson.loads(encode((math.nan, -math.inf)) or b"") == {"A": "NaN", "B": "-Infinity"}


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [
        (types.DOUBLE, math.nan, b'"NaN"'),
        (types.Array(types.DOUBLE), [1.5, math.inf, None], b'[1.5,"Infinity",null]'),
        (types.Struct((("X", types.DOUBLE), ("M", types.Decimal(3, 1)))), {"X": -math.inf, "M": Decimal("1.5")},
         b'{"X":"-Infinity","M":1.5}'),
        (types.Map(types.STRING, types.DOUBLE), {"a": math.nan}, b'{"a":"NaN"}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wrapped", [True, False])
def test_nan_and_infinity_are_text_at_any_depth(of: types.SqlType, value: Any, text: bytes, wrapped: bool) -> None:
    where = Target("t", (Column("A", of),), MemorySchemas(), wrapped=wrapped)
    written = JsonFormat("JSON").encoder(where)((value,))
    assert written == (b'{"A":' + text + b"}" if wrapped else text)
    assert repr(JsonFormat("JSON").decoder(where)(written)) == repr((value,))


@pytest.mark.parametrize("of", [types.BIGINT, types.Decimal(5, 2)])
def test_json_reads_what_json_sr_writes(of: types.SqlType) -> None:
    where = target(Column("A", of))
    written = JsonFormat("JSON_SR", framed=True).encoder(where)((5,))
    assert written is not None
    assert written[:1] == b"\x00"
    assert JsonFormat("JSON").decoder(where)(written) == (5,)


def test_null_alone_means_no_value() -> None:
    assert JsonFormat("JSON").decoder(target(*COLUMNS))(b"null") is None


@pytest.mark.parametrize("of", [types.INTEGER, types.BIGINT, types.TIMESTAMP])
def test_a_number_with_a_huge_exponent_is_refused_before_it_takes_all_memory(of: types.SqlType) -> None:
    decode = JsonFormat("JSON").decoder(target(Column("N", of), Column("M", types.Decimal(9, 2))))
    with pytest.raises(RecordError, match="Can't convert type"):
        decode(b'{"N": 1E999999999, "M": 1.5}')


def test_json_that_is_nested_too_deeply_is_an_error_of_the_record() -> None:
    decode = JsonFormat("JSON").decoder(target(Column("M", types.Decimal(9, 2))))
    with pytest.raises(RecordError, match="no JSON"):
        decode(b"[" * 100_000)


@pytest.mark.parametrize("column", [Column("M", types.Decimal(9, 2)), Column("M", types.DOUBLE)])
def test_half_of_a_surrogate_pair_is_an_error_of_the_record(column: Column) -> None:
    decode = JsonFormat("JSON").decoder(target(Column("S", types.STRING), column))
    assert decode(b'{"S": "\\ud83d\\ude00", "M": 1}') == ("\N{GRINNING FACE}", 1)
    with pytest.raises(RecordError, match="no JSON"):
        decode(b'{"S": "\\ud83d", "M": 1}')


def test_a_type_may_stand_under_its_name() -> None:
    schemas = MemorySchemas()
    named = {"Place": {"type": "object", "properties": {"at": {"$ref": "#/$defs/Point"}}},
             "Point": {"type": "array", "items": {"type": "number"}}}  # fmt: skip
    schema = {"type": "object", "properties": {"a": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/Place"}]}}}
    schemas.register("t-value", "JSON", json.dumps({**schema, "$defs": named}))
    registered = schemas.latest("t-value")
    assert registered is not None
    place = types.Struct((("AT", types.Array(types.DOUBLE)),))
    assert JsonFormat("JSON_SR", framed=True).infer(target(), registered) == (Column("A", place),)


def test_a_schema_that_contains_itself_is_refused() -> None:
    schemas = MemorySchemas()
    schemas.register(
        "t-value", "JSON", '{"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#"}}}}'
    )
    registered = schemas.latest("t-value")
    assert registered is not None
    with pytest.raises(KsqlStatementError, match="refers to itself"):
        JsonFormat("JSON_SR", framed=True).infer(target(), registered)


@pytest.mark.parametrize("reference", ["#/$defs/Nothing", "other.json", "#/properties/a"])
def test_a_reference_to_nothing_is_named(reference: str) -> None:
    schemas = MemorySchemas()
    schemas.register("t-value", "JSON", json.dumps({"type": "object", "properties": {"a": {"$ref": reference}}}))
    registered = schemas.latest("t-value")
    assert registered is not None
    with pytest.raises(KsqlStatementError, match=re.escape(reference)):
        JsonFormat("JSON_SR", framed=True).infer(target(), registered)


@pytest.mark.parametrize(
    ("schema", "of"),
    [
        ({"oneOf": [{"type": "null"}, {"type": "string"}]}, types.STRING),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, types.STRING),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, types.BIGINT),
        ({"type": ["number", "null"]}, types.DOUBLE),
        ({"oneOf": [{"type": "array", "items": {"type": "boolean"}}, {"type": "null"}]}, types.Array(types.BOOLEAN)),
        ({"type": "integer", "connect.type": "int32"}, types.INTEGER),
    ],
)
def test_the_type_of_a_field_does_not_depend_on_where_null_stands(schema: Any, of: types.SqlType) -> None:
    schemas = MemorySchemas()
    schemas.register("t-value", "JSON", json.dumps({"type": "object", "properties": {"a": schema}}))
    registered = schemas.latest("t-value")
    assert registered is not None
    assert JsonFormat("JSON_SR", framed=True).infer(target(), registered) == (Column("A", of),)


ONE_OF = "IO.CONFLUENT.CONNECT.JSON.ONEOF.FIELD."


def _inferred(schema: Any) -> tuple[Target, tuple[Column, ...]]:
    schemas = MemorySchemas()
    schemas.register("t-value", "JSON", json.dumps({"type": "object", "properties": {"a": schema}}))
    registered = schemas.latest("t-value")
    assert registered is not None
    columns = JsonFormat("JSON_SR", framed=True).infer(target(), registered)
    return Target("out", columns, schemas), columns


_TEXT_OR_NUMBER = types.Struct(((f"{ONE_OF}0", types.STRING), (f"{ONE_OF}1", types.BIGINT)))


@pytest.mark.parametrize(
    ("schema", "of"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, _TEXT_OR_NUMBER),
        ({"oneOf": [{"type": "null"}, {"type": "string"}, {"type": "integer"}]}, _TEXT_OR_NUMBER),
        ({"type": ["string", "null", "integer"]}, _TEXT_OR_NUMBER),
        ({"type": "array", "items": {"type": ["string", "integer"]}}, types.Array(_TEXT_OR_NUMBER)),
        (
            {
                "type": "object",
                "properties": {"b": {"type": "string"}},
                "oneOf": [{"required": ["b"]}, {"maxItems": 1}],
            },
            types.Struct((("B", types.STRING),)),
        ),
    ],
)
def test_several_types_become_a_struct_with_a_field_for_each(schema: Any, of: types.SqlType) -> None:
    assert _inferred(schema)[1] == (Column("A", of),)


@pytest.mark.parametrize(
    ("branches", "value", "number"),
    [
        ([{"type": "string"}, {"type": "integer"}], "x", 0),
        ([{"type": "string"}, {"type": "integer"}], 5, 1),
        ([{"type": "integer"}, {"type": "boolean"}], True, 1),
        ([{"type": "string"}, {"type": "array", "items": {"type": "integer"}}], [1, 2], 1),
        (
            [
                {"type": "object", "properties": {"k": {"type": "string"}}},
                {"type": "object", "properties": {"k": {"type": "string"}, "item": {"type": "string"}}},
            ],
            {"K": "a", "ITEM": "b"},
            1,
        ),
    ],
)
def test_a_value_of_several_types_is_read_as_the_one_that_it_fits_and_written_as_it_was(
    branches: list[Any], value: Any, number: int
) -> None:
    where, _ = _inferred({"oneOf": branches})
    one = JsonFormat("JSON_SR", framed=True)
    data = b"\0\0\0\0\1" + json.dumps({"A": value}).encode()
    row = one.decoder(where)(data)
    assert row == ({f"{ONE_OF}{index}": value if index == number else None for index in range(len(branches))},)
    written = one.encoder(where)(row)
    assert written is not None
    assert json.loads(written[5:]) == {"A": value}
    registered = where.schemas.latest("out-value")
    assert registered is not None
    assert one.infer(where, registered) == where.columns


def test_a_value_that_fits_none_of_its_types_is_an_error_of_the_record() -> None:
    where, _ = _inferred({"oneOf": [{"type": "string"}, {"type": "integer"}]})
    with pytest.raises(RecordError, match="oneof"):
        JsonFormat("JSON_SR", framed=True).decoder(where)(b'\0\0\0\0\1{"A": [1]}')


_NULLABLE = {"oneOf": [{"type": "null"}, {"type": "integer"}]}


@pytest.mark.parametrize(
    ("further", "required", "row", "expected"),
    [
        ({"b": {"type": "string"}}, [], (4,), {"a": 4, "b": None}),
        ({"b": _NULLABLE}, ["b"], (4,), {"a": 4, "b": None}),
        ({"b": {"type": ["null", "string"]}}, ["b"], (None,), {"a": None, "b": None}),
        ({"b": {"type": "string"}}, ["b"], (4,), "b is NULL, but required"),
        ({}, ["a"], (None,), "a is NULL, but required"),
        (
            {"b": {"type": "object", "properties": {"c": {"type": "string"}}, "required": ["c"]}},
            [],
            (4,),
            {"a": 4, "b": None},
        ),
    ],
)
def test_a_row_is_written_under_the_id_of_the_given_schema(
    further: dict[str, Any], required: list[str], row: tuple[Any, ...], expected: Any
) -> None:
    schemas = MemorySchemas()
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, **further}, "required": required}
    schemas.register("out-value", "JSON", json.dumps(schema), 300)
    where = Target("out", (Column("a", types.BIGINT),), schemas, properties={"schema_id": "300"})
    encode = JsonFormat("JSON_SR", framed=True).encoder(where)
    if isinstance(expected, str):
        with pytest.raises(RecordError, match=expected):
            encode(row)
        return
    data = encode(row)
    assert data is not None
    assert (data[:5], json.loads(data[5:])) == (b"\0\0\0\x01\x2c", expected)
