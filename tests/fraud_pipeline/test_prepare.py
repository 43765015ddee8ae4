from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypothesis import given
from hypothesis import strategies as st

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.prepare import (
    COLUMNS,
    EVENT_TIME,
    FEATURES,
    PrepareError,
    Split,
    features_of,
    fit_scaler,
    payments_dataset,
    read_batches,
    read_payments,
    split_by_time,
)
from fraud_pipeline.snapshot import NoSuchTopicError
from pocket_ksql.registry.log import MemoryLog
from pocket_ksql.registry.routes import registry_app
from pocket_ksql.registry.service import Registry
from tests.fraud_pipeline.payments import payments

TYPES = {
    "ID": "long",
    "USER": "string",
    "TIME": "int",
    **dict.fromkeys(FEATURES, "double"),
    "CLASS": "int",
}


@pytest.fixture(scope="module")
def registry_url() -> Iterator[str]:
    """A Schema Registry, as the embedded stack has it, on a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listening.fileno()}"]
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    app = registry_app(Registry(MemoryLog()))
    served = serve(app, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]
    thread = threading.Thread(target=loop.run_until_complete, args=(served,))
    thread.start()
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    listening.detach()


@pytest.fixture
def connection(kafka: Connection, registry_url: str) -> Connection:
    return replace(kafka, registry_url=registry_url)


@pytest.fixture
def topic(connection: Connection, unique: Callable[[str], str]) -> str:
    name = unique("prepare")
    ensure_topics(connection, {name: 3})
    return name


def write(connection: Connection, topic: str, frame: pd.DataFrame, types: dict[str, str] | None = None) -> None:
    """Write the payments of ``frame`` as KSQL would; an integer column may be declared with another type."""
    fields = [{"name": name, "type": ["null", kind], "default": None} for name, kind in (types or TYPES).items()]
    schema = {
        "type": "record",
        "name": "KsqlDataSourceSchema",
        "namespace": "io.confluent.ksql.avro_schemas",
        "fields": fields,
    }
    serialise = AvroSerializer(SchemaRegistryClient({"url": connection.registry_url}), json.dumps(schema))
    context = SerializationContext(topic, MessageField.VALUE)
    producer = Producer(connection.kafka())
    for row in frame.astype(object).to_dict("records"):
        value = serialise({name: row[name] for name in (types or TYPES)}, context)
        producer.produce(topic, value, key=str(row["ID"]), timestamp=row[EVENT_TIME])
    assert producer.flush(60) == 0


def test_payments_come_back_as_they_were_written_in_the_order_of_time(connection: Connection, topic: str) -> None:
    written = payments(rows=300)
    write(connection, topic, written.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(read_payments(connection, topic), written[list(COLUMNS)])


def test_payments_are_read_in_batches_and_none_twice(connection: Connection, topic: str) -> None:
    write(connection, topic, payments(rows=300))
    batches = list(read_batches(connection, topic, most=50))
    assert max(map(len, batches)) <= 50
    assert sorted(pd.concat(batches)["ID"]) == list(range(1, 301))


def test_what_is_written_after_the_call_is_not_read(connection: Connection, topic: str) -> None:
    write(connection, topic, payments(rows=100))
    batches = read_batches(connection, topic, most=10)
    first = next(batches)
    write(connection, topic, payments(rows=100).assign(ID=lambda frame: frame["ID"] + 1000))
    ids = pd.concat([first, *batches])["ID"]
    assert sorted(ids) == list(range(1, 101))


def test_aborted_transactions_are_not_read(connection: Connection, topic: str) -> None:
    write(connection, topic, payments(rows=20))
    producer = Producer(connection.kafka(transactional_id=topic))
    producer.init_transactions(30)
    producer.begin_transaction()
    for partition in range(3):
        producer.produce(topic, b"not committed", partition=partition)
    producer.flush(60)
    producer.abort_transaction(30)
    assert len(read_payments(connection, topic)) == 20


def test_a_dataset_gives_every_payment_once_in_each_pass(connection: Connection, topic: str) -> None:
    written = payments(rows=300)
    write(connection, topic, written)
    dataset = payments_dataset(connection, topic, batch_size=64)
    for _ in range(2):
        batches = [batch.numpy() for batch in dataset]
        assert [batch.shape for batch in batches] == [(64, 29)] * 4 + [(44, 29)]
        assert batches[0].dtype == np.float32
        np.testing.assert_allclose(
            np.sort(np.concatenate(batches), axis=0), np.sort(features_of(written), axis=0), rtol=1e-6
        )


def test_a_missing_topic_is_named(connection: Connection) -> None:
    with pytest.raises(NoSuchTopicError, match="no topic nowhere-at-all"):
        read_payments(connection, "nowhere-at-all")


def test_an_empty_topic_is_named(connection: Connection, topic: str) -> None:
    with pytest.raises(PrepareError, match=f"{topic} is empty"):
        read_payments(connection, topic)


def test_a_null_in_a_number_is_an_error_that_names_the_column(connection: Connection, topic: str) -> None:
    frame = payments(rows=3).astype(object)
    frame.loc[1, "V7"] = None
    write(connection, topic, frame)
    with pytest.raises(PrepareError, match="no finite number in column V7"):
        read_payments(connection, topic)


def test_a_label_that_is_text_is_an_error_that_names_the_column(connection: Connection, topic: str) -> None:
    frame = payments(rows=3).assign(CLASS="0")
    write(connection, topic, frame, TYPES | {"CLASS": "string"})
    with pytest.raises(PrepareError, match="CLASS is not numeric"):
        read_payments(connection, topic)


def test_a_schema_without_a_column_is_an_error_that_names_it(connection: Connection, topic: str) -> None:
    types = {name: kind for name, kind in TYPES.items() if name != "V28"}
    write(connection, topic, payments(rows=3), types)
    with pytest.raises(PrepareError, match="has no column V28"):
        read_payments(connection, topic)


def test_a_record_that_is_not_avro_is_an_error_that_says_where(connection: Connection, topic: str) -> None:
    producer = Producer(connection.kafka())
    producer.produce(topic, b'{"V1": 1}', partition=1)
    producer.flush(60)
    with pytest.raises(PrepareError, match=f"{topic}, partition 1, offset 0: not Avro"):
        read_payments(connection, topic)


@given(
    seconds=st.lists(st.integers(0, 50), min_size=1, max_size=200),
    train=st.floats(0.05, 0.9),
    validation=st.floats(0.05, 0.9),
)
def test_no_part_of_a_split_knows_of_a_later_one(seconds: list[int], train: float, validation: float) -> None:
    frame = pd.DataFrame({"ID": range(len(seconds)), EVENT_TIME: seconds})
    if train + validation >= 1:
        with pytest.raises(ValueError, match="leave a share"):
            split_by_time(frame, train, validation)
        return
    try:
        split = split_by_time(frame, train, validation)
    except PrepareError:
        return
    assert split.train[EVENT_TIME].max() < split.validation[EVENT_TIME].min()
    assert split.validation[EVENT_TIME].max() < split.test[EVENT_TIME].min()
    assert sorted(pd.concat([split.train, split.validation, split.test])["ID"]) == list(range(len(seconds)))


def test_a_split_meets_its_shares() -> None:
    split = split_by_time(payments(rows=1000), train=0.5, validation=0.2)
    assert (len(split.train), len(split.validation), len(split.test)) == (500, 200, 300)


def test_payments_of_one_instant_cannot_be_split() -> None:
    with pytest.raises(PrepareError, match="cannot be split by time"):
        split_by_time(payments(rows=100).assign(**{EVENT_TIME: 0}))


def test_the_scaler_knows_training_rows_only() -> None:
    split: Split = split_by_time(payments())
    scaler = fit_scaler(features_of(split.train))
    np.testing.assert_allclose(scaler.mean_, split.train[list(FEATURES)].mean())
    np.testing.assert_allclose(scaler.scale_, split.train[list(FEATURES)].std(ddof=0))
