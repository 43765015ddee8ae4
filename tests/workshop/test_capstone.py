from __future__ import annotations

from collections.abc import Callable

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.transactions import ChangedSource
from workshop import capstone
from workshop.checks import ksql
from workshop.offsets_log import has_offsets_in_transactions
from workshop.stack.processes import comes_true

Unique = Callable[[str], str]

PAYMENTS = capstone.year(ChangedSource(1, fraud_share=0.1), 400)


def test_raw_records_are_what_the_declared_stream_reads() -> None:
    read = "CREATE STREAM all_of_it WITH (VALUE_FORMAT = 'JSON') AS SELECT * FROM raw_payments EMIT CHANGES;"
    records = capstone.raw_records(PAYMENTS, labelled=True, seed=2)
    rows = ksql.run(read, {capstone.RAW_TOPIC: records}, setup=capstone.RAW_STREAM).rows("all_of_it")
    assert len(rows) == len(records) > len(PAYMENTS)  # the probes
    payments = [row for row in rows if row["PROCESSOR"] != "probe"]
    assert [row["ID"] for row in payments] == PAYMENTS["ID"].tolist()
    assert [row["CLASS"] for row in payments] == PAYMENTS["CLASS"].astype(str).tolist()
    assert any(None in row.values() for row in payments)


def test_cents_come_from_the_south_only() -> None:
    amounts = PAYMENTS.set_index("ID")["AMOUNT"]
    for record in capstone.raw_records(PAYMENTS, labelled=True, seed=3):
        number, processor, *_, amount, _label = record["value"].split(",")
        if amount and processor != "probe":
            assert float(amount) == pytest.approx(amounts[int(number)] * (100 if processor == "south" else 1))


def test_without_labels_none_is_told() -> None:
    records = capstone.raw_records(PAYMENTS, labelled=False, seed=4)
    assert all(record["value"].endswith(",") for record in records)


def test_what_is_published_comes_back(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    rows = [{"CARD_HOLDER": "ann", "ID": 1, "CLASS": None}, {"CARD_HOLDER": "bob", "ID": 2, "CLASS": 1}]
    capstone.publish(kafka, topic, rows, [1000, 2000])
    assert sorted(one["ID"] for one in capstone.objects(kafka, topic)) == [1, 2]
    kept = {(record.key(), record.timestamp()[1]) for record in capstone.committed(kafka, topic)}
    assert kept == {(b"ann", 1000), (b"bob", 2000)}


def test_a_record_that_is_no_object_is_told(kafka: Connection, unique: Unique) -> None:
    topic = unique("scores")
    capstone.make_topics(kafka, [topic])
    producer = Producer(kafka.kafka())
    producer.produce(topic, b"17")
    producer.flush()
    with pytest.raises(ValueError, match="no JSON object: 17"):
        capstone.objects(kafka, topic)


def in_transaction(
    kafka: Connection, topic: str, value: bytes, group: str, offsets_inside: bool, leave_early: bool = False
) -> None:
    """Write a record in a transaction, and commit an offset of the group: in it, or after it.

    ``leave_early`` makes the consumer a member of the group that leaves it before the transaction ends.
    """
    consumer = Consumer(kafka.kafka(group_id=group))
    producer = Producer(kafka.kafka(transactional_id=group))
    place = TopicPartition(topic, 0, 1)
    if leave_early:
        consumer.subscribe([topic])
        assert comes_true(lambda: consumer.poll(0.1) is None and bool(consumer.assignment()), 60)
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce(topic, value, partition=0)
    if offsets_inside:
        producer.send_offsets_to_transaction([place], consumer.consumer_group_metadata())
    if leave_early:
        consumer.close()
    producer.commit_transaction()
    if not offsets_inside:
        consumer.commit(offsets=[place], asynchronous=False)
    consumer.close()


def test_a_refusing_topic_fails_a_transaction_until_it_is_mended(kafka: Connection, unique: Unique) -> None:
    other, topic = unique("scores"), unique("alerts")
    capstone.make_topics(kafka, [other], refusing=topic)
    with pytest.raises(KafkaException):
        in_transaction(kafka, topic, b"x" * 100, unique("group"), offsets_inside=True)
    assert capstone.committed(kafka, topic) == []
    capstone.mend(kafka, topic)
    in_transaction(kafka, topic, b"x" * 100, unique("group"), offsets_inside=True)
    assert [record.value() for record in capstone.committed(kafka, topic)] == [b"x" * 100]


def test_offsets_in_a_transaction_are_told_from_others(kafka: Connection, unique: Unique) -> None:
    topic, inside = unique("scores"), unique("inside")
    capstone.make_topics(kafka, [topic])
    assert not has_offsets_in_transactions(kafka, unique("nobody"))
    in_transaction(kafka, topic, b"x", inside, offsets_inside=True)
    assert has_offsets_in_transactions(kafka, inside)


def test_a_member_that_leaves_before_the_marker_hides_no_offsets(kafka: Connection, unique: Unique) -> None:
    topic, inside = unique("scores"), unique("inside")
    capstone.make_topics(kafka, [topic])
    in_transaction(kafka, topic, b"x", inside, offsets_inside=True, leave_early=True)
    assert has_offsets_in_transactions(kafka, inside)


def test_offsets_beside_a_transaction_are_not_in_it(kafka: Connection, unique: Unique) -> None:
    topic, outside = unique("scores"), unique("outside")
    capstone.make_topics(kafka, [topic])
    in_transaction(kafka, topic, b"x", outside, offsets_inside=False)
    assert not has_offsets_in_transactions(kafka, outside)


def test_offsets_that_others_commit_meanwhile_change_no_verdict(kafka: Connection, unique: Unique) -> None:
    topic = unique("scores")
    capstone.make_topics(kafka, [topic])
    groups = {f"{topic}-{number}": number % 2 == 0 for number in range(12)}
    producers = {group: Producer(kafka.kafka(transactional_id=group)) for group in groups}
    consumers = {group: Consumer(kafka.kafka(group_id=group)) for group in groups}
    place = TopicPartition(topic, 0, 1)
    for group, producer in producers.items():
        producer.init_transactions()
        producer.begin_transaction()
        producer.produce(topic, b"x", partition=0)
        if groups[group]:
            producer.send_offsets_to_transaction([place], consumers[group].consumer_group_metadata())
        else:
            consumers[group].commit(offsets=[place], asynchronous=False)
    for producer in producers.values():
        producer.commit_transaction()
    assert {group: has_offsets_in_transactions(kafka, group) for group in groups} == groups
    for client in (*producers.values(), *consumers.values()):
        client.close()
