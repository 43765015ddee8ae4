"""A server's membership among those that share queries, against a real broker."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from confluent_kafka import Consumer

from pocket_ksql.kafka import Kafka
from pocket_ksql.runner.shares import Shares
from pocket_ksql.settings import Settings
from workshop.stack.processes import comes_true


def test_a_server_whose_name_another_has_taken_goes_on_under_a_new_one(
    cluster: Kafka, unique: Callable[[str], str]
) -> None:
    settings, lost = Settings(kafka=cluster, service_id=unique("shares")), Event()
    shares = Shares(settings, cluster.admin(), lambda: None, lost.set)
    shares.start()
    shares.wait(20)
    try:
        [name] = _names(cluster, settings)
        assert _owns_some(shares)
        another = _member(cluster, settings, name)
        try:
            assert comes_true(lambda: another.poll(0.1) is None and lost.is_set(), 60)
            # Both take part now: the newcomer has to let go of its half, which it does while it polls.
            assert comes_true(lambda: another.poll(0.1) is None and _owns_some(shares), 60)
        finally:
            another.close()
        assert len(set(_names(cluster, settings))) == 2
    finally:
        shares.stop()


def _owns_some(shares: Shares) -> bool:
    return any(shares.owns(f"QUERY_{number}") for number in range(100))


def _names(cluster: Kafka, settings: Settings) -> list[str]:
    group = settings.shares_topic
    admin = cluster.admin()
    described = admin.describe_consumer_groups([group])[group].result()
    return [member.group_instance_id for member in described.members]


def _member(cluster: Kafka, settings: Settings, name: str) -> Consumer:
    consumer = cluster.reader(
        group_id=settings.shares_topic,
        group_instance_id=name,
        partition_assignment_strategy="cooperative-sticky",
        session_timeout_ms=10_000,
    )
    consumer.subscribe([settings.shares_topic])
    return consumer
