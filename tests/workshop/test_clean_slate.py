"""What a run has left is taken away, whoever has just stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from fraud_pipeline.kafka import ensure_topics
from workshop.clean_slate import clear
from workshop.errors import WorkshopError

GROUP = ScorerOptions.group


@contextmanager
def member(connection: Connection) -> Iterator[None]:
    """Another member of the scorer's group, which stays for a while after it has stopped, as a scorer does."""
    ensure_topics(connection, {topics.PREPROCESSED: 1})
    settings = connection.kafka(group_id=GROUP, group_instance_id="test", session_timeout_ms=6_000)
    with closing(Consumer(settings)) as consumer:
        consumer.subscribe([topics.PREPROCESSED])
        while not consumer.assignment():
            consumer.poll(0.1)
        consumer.commit(offsets=[TopicPartition(topics.PREPROCESSED, 0, 0)], asynchronous=False)
        yield


def groups(connection: Connection) -> set[str]:
    admin = AdminClient(connection.kafka())
    return {group.group_id for group in admin.list_consumer_groups().result().valid}


@pytest.mark.slow
def test_the_group_of_a_scorer_that_has_just_stopped_is_removed(platform: Connection) -> None:
    with member(platform):
        pass
    assert GROUP in groups(platform)
    clear(platform)
    assert GROUP not in groups(platform)
    clear(platform)  # where nothing is left there is nothing to complain of


def test_a_scorer_that_runs_is_told_and_nothing_is_removed(platform: Connection) -> None:
    with member(platform):
        with pytest.raises(WorkshopError, match=GROUP):
            clear(platform, patience=0.5)
        assert topics.PREPROCESSED in AdminClient(platform.kafka()).list_topics(timeout=10).topics
