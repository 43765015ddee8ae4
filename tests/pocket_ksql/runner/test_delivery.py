"""What a query's output, state and offsets look like to others before and after a commit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from confluent_kafka import KafkaException

from fraud_pipeline.connection import Connection
from fraud_pipeline.snapshot import read_to_end
from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Change, Produced
from pocket_ksql.runner.delivery import ExactlyOnce
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.source import Source
from pocket_ksql.runner.state import Changelogs
from pocket_ksql.settings import Settings


@pytest.fixture
def changelogs(cluster: Kafka, unique: Callable[[str], str]) -> Changelogs:
    return Changelogs(Settings(cluster, service_id=unique("delivery")), "Q_1", cluster.admin())


def values(cluster: Kafka, topic: str) -> list[bytes | None]:
    connection = Connection(cluster.bootstrap_servers)
    return [message.value() for batch in read_to_end(connection, topic) for message in batch]


def test_what_was_not_committed_is_not_there_for_the_next_owner(
    cluster: Kafka, changelogs: Changelogs, new_topic: Callable[[int], str], unique: Callable[[str], str]
) -> None:
    group, read, written = unique("group"), new_topic(1), new_topic(1)
    source_records = Output(cluster)
    source_records.send([Produced(read, None, b"1", 0), Produced(read, None, b"2", 0)])
    source_records.flush()

    with Source(cluster, [read], start="earliest", group=group) as source:
        while not source.read(1.0):
            pass
        first = ExactlyOnce(cluster, changelogs, group)
        first.send([Produced(written, None, b"kept", 0)])
        first.commit([Change("s", b"k", b"kept")], source, 0)
        first.send([Produced(written, None, b"gone", 0)])
        first._output.flush()  # it has arrived, and is not committed

        second = ExactlyOnce(cluster, changelogs, group)
        assert values(cluster, written) == [b"kept"]
        assert list(changelogs.read()) == [Change("s", b"k", b"kept")]
        with pytest.raises(KafkaException):
            first.commit([], source, 0)
        first.abandon()
    with Source(cluster, [read], start="earliest", group=group) as again:
        assert again.positions == {(read, 0): 2}
        second.send([Produced(written, None, b"next", 0)])
        second.commit([], again, 0)
    assert values(cluster, written) == [b"kept", b"next"]


def test_what_is_abandoned_does_not_keep_readers_waiting(
    cluster: Kafka, changelogs: Changelogs, new_topic: Callable[[int], str], unique: Callable[[str], str]
) -> None:
    topic = new_topic(1)
    delivery = ExactlyOnce(cluster, changelogs, unique("group"))
    delivery.send([Produced(topic, None, b"given up", 0)])
    delivery.abandon()
    plain = Output(cluster)
    plain.send([Produced(topic, None, b"read", 0)])
    plain.flush()
    assert values(cluster, topic) == [b"read"]
