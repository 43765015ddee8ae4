"""What the tests of the runner need from Kafka."""

from collections.abc import Callable

import pytest

from fraud_pipeline.connection import Connection
from pocket_ksql.kafka import Kafka, ensure_topic


@pytest.fixture
def cluster(kafka: Connection) -> Kafka:
    return Kafka.at(kafka.bootstrap_servers)


@pytest.fixture
def new_topic(cluster: Kafka, unique: Callable[[str], str]) -> Callable[[int], str]:
    """A topic with the given number of partitions that nobody else uses."""

    def make(partitions: int) -> str:
        name = unique("runner")
        ensure_topic(cluster.admin(), name, partitions, config={"retention.ms": "-1"})
        return name

    return make
