"""Lag, latency, scores and dead letters, read from a real broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import await_transactions, dead_letter_headers, ensure_topics
from fraud_pipeline.monitor.lag import consumer_lag
from fraud_pipeline.monitor.latency import LatencyProbe
from fraud_pipeline.monitor.scores import DeadLetters, read_dead_letters, read_scores
from fraud_pipeline.snapshot import NoSuchTopicError, read_to_end


def score(number: int, **changes: object) -> bytes:
    row = {"partition": number % 3, "offset": number, "score": number / 2, "alert": number > 5, "label": None}
    times = {"event_time": 1_000_000 - number, "scored_at": 2_000_000 + number * 100}
    return orjson.dumps(row | times | changes)


@pytest.fixture
def topic(kafka: Connection, unique: Callable[[str], str]) -> str:
    name = unique("monitor")
    ensure_topics(kafka, {name: 3})
    return name


def test_lag_is_what_a_group_has_not_committed(kafka: Connection, topic: str, unique: Callable[[str], str]) -> None:
    producer = Producer(kafka.kafka())
    for partition, count in enumerate((5, 3, 2)):
        for _ in range(count):
            producer.produce(topic, b"x", partition=partition)
    producer.flush()
    group = unique("group")
    consumer = Consumer(kafka.kafka(group_id=group))
    consumer.commit(offsets=[TopicPartition(topic, 0, 5), TopicPartition(topic, 1, 1)], asynchronous=False)
    consumer.close()
    lags = {(place.topic, place.partition): (place.committed, place.lag) for place in consumer_lag(kafka, group)}
    assert lags == {(topic, 0): (5, 0), (topic, 1): (1, 2)}


def test_a_group_that_never_was_has_no_lag(kafka: Connection, unique: Callable[[str], str]) -> None:
    assert consumer_lag(kafka, unique("nobody")) == []


def test_latency_is_the_age_on_arrival_of_what_was_sent_since(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka(linger_ms=0))
    producer.produce(topic, b"before the probe")
    producer.flush()
    began = time.monotonic()
    with LatencyProbe(kafka, topic) as probe:
        an_hour_ago = int(datetime.now(UTC).timestamp() * 1000) - 3_600_000
        for _ in range(10):
            producer.produce(topic, b"replayed", timestamp=an_hour_ago)
            producer.produce(topic, b"new")
        producer.flush()
        latency = probe.result(count=10, patience=60)
    taken = 1000 * (time.monotonic() - began)
    assert latency is not None
    assert len(latency.values) == 10
    assert 0 <= latency.p50 <= latency.p99 <= taken


def test_what_was_sent_during_the_warm_up_does_not_count(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka(linger_ms=0))
    with LatencyProbe(kafka, topic) as probe:
        now = int(time.time() * 1000) + 1_000
        for age in (0, 1_999, 2_000, 5_000):
            producer.produce(topic, b"x", timestamp=now + age)
        producer.flush()
        everything = probe.result(count=4, patience=60)
        counted = probe.result(count=4, patience=0, warm_up=2)
    assert everything is not None
    assert counted is not None
    assert len(everything.values) == 4
    assert len(counted.values) == 2


def test_a_probe_that_sees_nothing_says_so(kafka: Connection, topic: str) -> None:
    with LatencyProbe(kafka, topic) as probe:
        assert probe.result(count=1, patience=0.1) is None


def test_scores_are_columns_in_order_of_event_time(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka())
    for number in range(10):
        producer.produce(topic, score(number, label=1 if number == 9 else None))
    producer.produce(topic, score(3))  # delivered twice
    producer.flush()
    scores = read_scores(kafka, topic)
    assert len(scores) == 11
    once = scores.first_of_each()
    assert len(once) == 10
    assert once.score.tolist() == [4.5, 4.0, 3.5, 3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0]
    assert once.alert.tolist() == [True] * 4 + [False] * 6
    assert once.label[0] == 1
    assert np.isnan(once.label[1:]).all()
    assert once.throughput == pytest.approx(10 / 0.9)
    assert len(once.before(datetime.fromtimestamp(999.995, UTC))) == 4


def test_dead_letters_are_counted_by_reason(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka())
    for reason in ("V1 is null", "no Avro", "V1 is null"):
        producer.produce(topic, b"x", headers=[*dead_letter_headers(reason, line=3)])
    producer.flush()
    letters = [DeadLetters(topic, "V1 is null", 2), DeadLetters(topic, "no Avro", 1)]
    assert read_dead_letters(kafka, topic) == letters


def test_a_topic_that_does_not_exist_is_named(kafka: Connection, unique: Callable[[str], str]) -> None:
    missing = unique("nowhere")
    with pytest.raises(NoSuchTopicError, match=missing):
        list(read_to_end(kafka, missing))
    assert read_dead_letters(kafka, missing) == []


def test_the_end_of_a_topic_waits_for_a_transaction_to_end(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka(transactional_id=topic))
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce(topic, b"late", partition=0)
    producer.flush()
    assert not await_transactions(kafka, topic, patience=0.1)
    assert list(read_to_end(kafka, topic, patience=0.1)) == []
    soon = threading.Timer(0.3, producer.commit_transaction)
    soon.start()
    assert [message.value() for batch in read_to_end(kafka, topic, patience=60) for message in batch] == [b"late"]
    soon.join()
    assert await_transactions(kafka, topic, patience=60)


def test_aborted_records_are_not_read(kafka: Connection, topic: str) -> None:
    producer = Producer(kafka.kafka(transactional_id=topic))
    producer.init_transactions()
    for outcome in (producer.abort_transaction, producer.commit_transaction):
        producer.begin_transaction()
        producer.produce(topic, outcome.__name__.encode())
        producer.flush()
        outcome()
    assert [message.value() for batch in read_to_end(kafka, topic) for message in batch] == [b"commit_transaction"]
