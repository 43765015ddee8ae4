"""A micro-batch becomes one array; a record that cannot be scored gets a reason that names what is wrong."""

from __future__ import annotations

import json
import math
from typing import Any

import fastavro
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud_pipeline.deploy import Decoder, JsonDecoder
from fraud_pipeline.registry import UnknownSchemaError
from tests.fraud_pipeline.deploy.support import FEATURES, SCHEMA, SCHEMA_ID, encode, payment

TEXT_FEATURE = {"type": "record", "name": "P", "fields": [{"name": name, "type": "string"} for name in FEATURES]}
TWO_OF_THREE = {"type": "record", "name": "P", "fields": [{"name": name, "type": "double"} for name in FEATURES[:2]]}
PLAIN = {"type": "record", "name": "P", "fields": [{"name": name.lower(), "type": "double"} for name in FEATURES]}
SCHEMAS: dict[int, Any] = {SCHEMA_ID: SCHEMA, 8: TEXT_FEATURE, 9: TWO_OF_THREE, 10: PLAIN, 11: "string"}


def schema_of(schema_id: int) -> str:
    if schema_id == 12:
        return "no JSON"
    if schema_id not in SCHEMAS:
        raise UnknownSchemaError(f"schema {schema_id} is not in the registry")
    return json.dumps(SCHEMAS[schema_id])


@pytest.fixture
def decoder() -> Decoder:
    return Decoder(FEATURES, ("ID", "USER", "REGION"), schema_of)


def test_features_and_carried_columns_stand_in_the_order_of_the_batch(decoder: Decoder) -> None:
    rows = [payment(number) for number in (5, 3, 8)]
    batch = decoder.decode([encode(row) for row in rows])
    assert batch.kept == [0, 1, 2]
    np.testing.assert_array_equal(batch.features, [[row[name] for name in FEATURES] for row in rows])
    assert batch.carried == [(5, "User_5", None), (3, "User_3", None), (8, "User_8", None)]
    assert batch.rejected == {}


def test_an_empty_batch_gives_an_array_without_rows(decoder: Decoder) -> None:
    assert decoder.decode([]).features.shape == (0, 3)


def test_schemas_may_differ_within_a_batch_and_names_in_case(decoder: Decoder) -> None:
    plain = encode({"v1": 1.0, "v2": 2.0, "v3": 3.0}, fastavro.parse_schema(PLAIN), schema_id=10)
    batch = decoder.decode([plain, encode(payment(1)), plain])
    assert batch.kept == [0, 1, 2]
    assert batch.features[2].tolist() == [1.0, 2.0, 3.0]
    assert batch.carried[0] == (None, None, None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the record has no value"),
        (b"", "not Avro in Confluent's wire format"),
        (b'{"ID": 1}', "not Avro in Confluent's wire format"),
        (b"\0\0\0\0\7", "the Avro body does not fit its schema"),
        (encode(payment(1))[:-9], "the Avro body does not fit its schema"),
        (encode(payment(1) | {"V2": None}), "V2 is null"),
        (encode(payment(1) | {"V3": math.nan}), "V3 is not a finite number"),
        (encode(payment(1) | {"V1": math.inf}), "V1 is not a finite number"),
        (encode(payment(1), schema_id=99), "schema 99 is not in the registry"),
        (b"\0\0\0\0\x08", "schema 8: V1, V2, V3 is not numeric"),
        (b"\0\0\0\0\x09", "schema 9: it has no column V3"),
        (b"\0\0\0\0\x0b", "schema 11: it is not the schema of an Avro record"),
        (b"\0\0\0\0\x0c", "schema 12: "),
    ],
)
def test_a_bad_record_is_rejected_with_its_reason_and_the_others_stay(
    decoder: Decoder, value: bytes | None, reason: str
) -> None:
    batch = decoder.decode([encode(payment(1)), value, encode(payment(2))])
    assert batch.kept == [0, 2]
    assert batch.features.shape == (2, 3)
    assert [carried[0] for carried in batch.carried] == [1, 2]
    assert list(batch.rejected) == [1]
    assert batch.rejected[1].startswith(reason)


@given(st.lists(st.one_of(st.none(), st.binary(max_size=60), st.just(encode(payment(4)))), max_size=20))
def test_every_record_of_a_batch_is_either_kept_or_rejected(values: list[bytes | None]) -> None:
    batch = Decoder(FEATURES, ("ID",), schema_of).decode(values)
    assert sorted([*batch.kept, *batch.rejected]) == list(range(len(values)))
    assert len(batch.kept) == len(batch.features) == len(batch.carried)
    assert np.isfinite(batch.features).all()


def test_an_unreachable_registry_is_not_blamed_on_the_records() -> None:
    def unreachable(schema_id: int) -> str:
        raise ConnectionError(schema_id)

    with pytest.raises(ConnectionError):
        Decoder(FEATURES, (), unreachable).decode([encode(payment(1))])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the record has no value"),
        (b"\xff", "not a JSON object"),
        (b"", "not a JSON object"),
        (b"[1, 2, 3]", "not a JSON object"),
        (b'{"V1": 1, "V3": 3}', "V2 is missing"),
        (b'{"V1": 1, "V2": null, "V3": 3}', "V2 is null"),
        (b'{"V1": 1, "V2": 2, "V3": "3"}', "V3 is not numeric"),
        (b'{"V1": true, "V2": 2, "V3": 3}', "V1 is not numeric"),
        (b'{"V1": 1, "V2": NaN, "V3": 3}', "V2 is not a finite number"),
        (b'{"V1": 1, "V2": 1e999, "V3": 3}', "V2 is not a finite number"),
        (b'{"V1": 1, "V2": 2, "V3": 1' + b"0" * 400 + b"}", "V3 is not a finite number"),
    ],
)
def test_json_is_decoded_or_rejected_with_its_reason(value: bytes | None, reason: str) -> None:
    good = b'{"id": 5, "USER": "ann", "v1": 1, "V2": 2.5, "V3": -3}'
    batch = JsonDecoder(FEATURES, ("ID", "USER", "REGION")).decode([value, good])
    assert batch.rejected == {0: reason}
    assert batch.kept == [1]
    assert batch.features.tolist() == [[1.0, 2.5, -3.0]]
    assert batch.carried == [(5, "ann", None)]
