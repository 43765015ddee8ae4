"""Registered Protobuf schemas: the columns they stand for, and messages of any of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.proto_schema import ProtoSchema, path_of
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas, RegisteredSchema

TEXT = """
syntax = "proto3";  // a comment
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "confluent/type/decimal.proto";
import "place.proto";

message First { int32 only = 1; }

message Order {
  option deprecated = true;
  reserved 90 to 99, 100;
  enum Kind { NONE = 0; GIFT = 1; }
  message Line { string item = 1; uint32 count = 2 [deprecated = true]; }
  Kind kind = 1;
  repeated Line lines = 2;
  map<string, double> prices = 3;
  google.protobuf.Timestamp at = 4;
  google.protobuf.Int64Value maybe = 5;
  confluent.type.Decimal total = 6 [(confluent.field_meta) = {
    params: [{ value: "8", key: "precision" }, { value: "2", key: "scale" }]
  }];
  place.Place place = 7;
  optional float weight = 8;
  oneof payment { string card = 9; int64 cash = 10; }
}
"""
PLACE = 'syntax = "proto3"; package place; message Place { string town = 1; }'
SCHEMA = RegisteredSchema(1, "PROTOBUF", TEXT, (("place.proto", PLACE),))


def columns() -> tuple[Column, ...]:
    schema = ProtoSchema.of(SCHEMA)
    return tuple(Column(name, of) for name, of in schema.fields(schema.message("shop.Order")))


def test_columns_come_from_fields() -> None:
    assert [(one.name, str(one.type)) for one in columns()] == [
        ("kind", "STRING"),
        ("lines", "ARRAY<STRUCT<`item` STRING, `count` BIGINT>>"),
        ("prices", "MAP<STRING, DOUBLE>"),
        ("at", "TIMESTAMP"),
        ("maybe", "BIGINT"),
        ("total", "DECIMAL(8, 2)"),
        ("place", "STRUCT<`town` STRING>"),
        ("weight", "DOUBLE"),
        ("payment_0", "STRUCT<`card` STRING, `cash` BIGINT>"),
    ]


def test_rows_come_back_from_the_message_that_is_named() -> None:
    schemas = MemorySchemas()
    schemas.register("orders-value", "PROTOBUF", TEXT, 1, SCHEMA.references)
    properties = {"schema_id": "1", "full_schema_name": "shop.Order"}
    target = Target("orders", columns(), schemas, properties=properties)
    row = ("GIFT", [{"item": "pen", "count": 2}], {"eur": 1.5}, 1_000, None, Decimal("12.50"), {"town": "Bern"}, 0.5,
           {"card": None, "cash": 7})  # fmt: skip
    data = find_format("PROTOBUF").encoder(target)(row)
    assert data is not None
    assert data[:7] == b"\x00\x00\x00\x00\x01\x02\x02"
    read = find_format("PROTOBUF").decoder(target)(data)
    assert read is not None
    assert read[:-1] == row[:-1]
    assert read[-1]["cash"] == 7


def test_names_are_in_upper_case_unless_the_schema_is_named_by_its_id() -> None:
    target = Target("orders", (), MemorySchemas(), properties={"full_schema_name": "shop.Order"})
    assert find_format("PROTOBUF").infer(target, SCHEMA)[6] == Column("PLACE", types.Struct((("TOWN", types.STRING),)))


def test_a_nested_message_is_found_by_its_place_in_the_file() -> None:
    schema = ProtoSchema.of(SCHEMA)
    message = schema.message("shop.Order.Line")
    assert path_of(message) == (1, 0)
    assert schema.at((1, 0)).full_name == message.full_name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('syntax = "proto3"; message A { B b = 1; }', "not valid"),
        ('syntax = "proto3"; import "b.proto"; message A { int32 a = 1; }', "imports b.proto"),
        ('syntax = "proto3"; message A { int32 a = one; }', "a number is expected"),
        ('syntax = "proto3"; message A { int32 a = 1;', "expected"),
        ("hello", "where a message is expected"),
    ],
)
def test_what_is_no_schema_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(KsqlStatementError, match=reason):
        ProtoSchema.of(RegisteredSchema(1, "PROTOBUF", text))


def test_a_message_that_is_not_there_is_named() -> None:
    with pytest.raises(KsqlStatementError, match=r"shop\.Nothing"):
        ProtoSchema.of(SCHEMA).message("shop.Nothing")


def test_maps_whose_keys_are_no_text_are_left_out() -> None:
    text = 'syntax = "proto3"; message A { map<int32, string> by_number = 1; map<string, int32> by_name = 2; }'
    schema = ProtoSchema.of(RegisteredSchema(1, "PROTOBUF", text))
    assert [name for name, _ in schema.fields(schema.message(None))] == ["by_name"]
