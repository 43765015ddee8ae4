"""What is sent arrives as it is, and what cannot be delivered is told."""

from collections.abc import Callable

import pytest
from confluent_kafka import KafkaError, KafkaException

from fraud_pipeline.connection import Connection
from fraud_pipeline.snapshot import read_to_end
from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Produced, Record
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.source import Source


def test_every_part_of_a_record_arrives(cluster: Kafka, new_topic: Callable[[int], str]) -> None:
    topic = new_topic(2)
    headers = (("a", b"1"), ("a", None))
    output = Output(cluster)
    assert output.send([Produced(topic, b"k", b"v", 7, headers, 1), Produced(topic, None, None, 8, (), 1)]) == 2
    output.flush()
    found: list[Record] = []
    with Source(cluster, [topic], start="earliest") as source:
        while not source.reached_ends:
            found += [record for _, run in source.read(1.0) for record in run]
    assert found == [Record(b"k", b"v", 7, 1, 0, headers), Record(None, None, 8, 1, 1, ())]


def test_what_was_not_delivered_is_told_once() -> None:
    output = Output(Kafka("127.0.0.1:1"))
    output.send([Produced("nowhere", b"k", b"v", 7)])
    output.producer.purge()
    with pytest.raises(KafkaException) as raised:
        output.flush()
    assert raised.value.args[0].code() == KafkaError._PURGE_QUEUE
    output.flush()


def test_a_record_has_its_own_time_and_one_of_the_year_1970_has_no_later_one(
    cluster: Kafka, new_topic: Callable[[int], str]
) -> None:
    topic = new_topic(1)
    output = Output(cluster)
    output.send([Produced(topic, None, b"first", 0), Produced(topic, None, b"second", 2)])
    output.flush()
    batches = read_to_end(Connection(cluster.bootstrap_servers), topic)
    assert [message.timestamp()[1] for batch in batches for message in batch] == [1, 2]
