"""Consume: payments as dictionaries, committed only once handled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest
from confluent_kafka import KafkaException, Producer

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import consume, ingest
from fraud_pipeline.kafka import ensure_topics, headers_as_text
from fraud_pipeline.topics import dead_letters
from fraud_pipeline.transactions import COLUMNS, SyntheticSource
from tests.fraud_pipeline.reading import records
from tests.fraud_pipeline.transactions.rows import everything

Unique = Callable[[str], str]


def test_payments_come_back_as_they_went(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    source = SyntheticSource(seed=3)
    ingest(kafka, source, topic=topic, rows=1000)
    found = list(consume(kafka, topic, unique("group"), follow=False))
    expected, _, _ = everything(source.blocks(1000))
    assert sorted(found, key=lambda payment: payment["Id"]) == expected
    assert tuple(found[0]) == COLUMNS


def test_only_handled_payments_are_committed(kafka: Connection, unique: Unique) -> None:
    topic, group = unique("payments"), unique("group")
    ingest(kafka, SyntheticSource(), topic=topic, rows=300)
    payments = consume(kafka, topic, group)
    first = list(islice(payments, 100))  # the hundredth is out, but nobody came back after it
    payments.close()
    rest = list(consume(kafka, topic, group, follow=False))
    handled = {payment["Id"] for payment in first[:-1]}
    assert {payment["Id"] for payment in rest} == set(range(1, 301)) - handled
    assert len(rest) == 201
    assert list(consume(kafka, topic, group, follow=False)) == []


def test_payment_whose_handling_failed_comes_again(kafka: Connection, unique: Unique) -> None:
    topic, group = unique("payments"), unique("group")
    ingest(kafka, SyntheticSource(), topic=topic, rows=10)

    def handle_all() -> None:
        for number, payment in enumerate(consume(kafka, topic, group)):
            if number == 4:
                raise RuntimeError(payment["Id"])

    with pytest.raises(RuntimeError) as failed:
        handle_all()
    again = [payment["Id"] for payment in consume(kafka, topic, group, follow=False)]
    assert failed.value.args[0] in again
    assert len(again) == 6


def test_record_that_is_no_payment_is_a_dead_letter(kafka: Connection, unique: Unique) -> None:
    topic, group = unique("payments"), unique("group")
    ingest(kafka, SyntheticSource(), topic=topic, rows=10)
    producer = Producer(kafka.kafka())
    producer.produce(topic, b"no payment", b"key", partition=1)
    producer.produce(topic, None, b"key", partition=1)
    producer.flush()
    assert len(list(consume(kafka, topic, group, follow=False))) == 10
    letters = records(kafka, dead_letters(topic))
    assert [letter.value() for letter in letters] == [b"no payment", None]
    headers = headers_as_text(letters[0])
    assert headers["dlq.reason"] == "1 columns where 34 are expected"
    assert (headers["dlq.topic"], headers["dlq.partition"]) == (topic, "1")
    assert headers["dlq.offset"].isdigit()


def test_empty_topic_ends_at_once(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    ensure_topics(kafka, {topic: 3})
    assert list(consume(kafka, topic, unique("group"), follow=False)) == []


def test_topic_that_is_not_there_is_an_error(kafka: Connection, unique: Unique) -> None:
    with pytest.raises(KafkaException):
        next(consume(kafka, unique("nothing"), unique("group")))
