"""The whole pipeline, from payments to alerts, on the embedded Kafka and on Kafka in a container.

What came out is read with clients of the test's own, not with the pipeline's.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.monitor.run import RunReport
from fraud_pipeline.train import FitSettings, TrainSettings
from fraud_pipeline.transactions import SyntheticSource
from tests.fraud_pipeline.deploy.support import read_committed
from workshop.demo import DemoOptions, run

pytestmark = pytest.mark.slow

ROWS, LIVE = 6_000, 300


class Unwatched:
    """A run that nobody watches."""

    def begin(self, stage: str, doing: str) -> None:
        """A stage begins."""

    def progress(self, doing: str, share: float | None = None) -> None:
        """Something within the stage."""

    def end(self, result: str, seconds: float) -> None:
        """The stage has ended well."""


class Record(NamedTuple):
    """Key and value of a record that has both."""

    key: bytes
    value: bytes


@dataclass(frozen=True)
class Run:
    """One run, and where it took place."""

    report: RunReport
    connection: Connection

    def records(self, topic: str) -> list[Record]:
        """Every committed record of ``topic``."""
        return [Record(message.key(), message.value()) for message in read_committed(self.connection, topic)]

    def objects(self, topic: str) -> list[dict[str, Any]]:
        """The same for a topic of JSON."""
        return [json.loads(record.value) for record in self.records(topic)]


def payment_id(record: Record) -> int:
    """``Id`` of a payment on the source topic: the first column."""
    return int(record.value.partition(b",")[0])


@pytest.fixture(scope="module", params=["platform", pytest.param("platform_container", marks=pytest.mark.container)])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    connection: Connection = request.getfixturevalue(request.param)
    options = DemoOptions(
        source=SyntheticSource(seed=7, fraud_share=0.01),
        work=tmp_path_factory.mktemp("run"),
        rows=ROWS,
        live=LIVE,
        training=TrainSettings(members=1, fit=FitSettings(epochs=2)),
    )
    return Run(run(connection, options, Unwatched()), connection)


def test_no_payment_is_lost_or_repeated(finished: Run) -> None:
    payments = Counter(payment_id(record) for record in finished.records(topics.SOURCE))
    assert payments.total() == len(payments) == ROWS
    assert Counter(score["id"] for score in finished.objects(topics.SCORES)) == payments


def test_the_report_counts_what_is_on_the_topics(finished: Run) -> None:
    records = finished.report.records
    assert records.ingested == ROWS
    assert records.ingested == records.preprocessed + records.filtered + records.dead_lettered
    assert records.scored == records.preprocessed == len(finished.records(topics.SCORES))
    assert records.alerts == len(finished.records(topics.ALERTS))


def test_preprocessed_payments_decode_with_their_registered_schema(finished: Run) -> None:
    decode = AvroDeserializer(SchemaRegistryClient({"url": finished.connection.registry_url}))
    context = SerializationContext(topics.PREPROCESSED, MessageField.VALUE)
    rows = [decode(record.value, context) for record in finished.records(topics.PREPROCESSED)]
    assert {row["ID"] for row in rows} == {payment_id(record) for record in finished.records(topics.SOURCE)}
    assert all(isinstance(row[column], float) for row in rows for column in ("V1", "V28", "AMOUNT"))


def test_alerts_are_the_scores_above_the_threshold(finished: Run) -> None:
    threshold = finished.report.model.threshold
    above = {score["id"] for score in finished.objects(topics.SCORES) if score["score"] > threshold}
    assert above
    assert {alert["id"] for alert in finished.objects(topics.ALERTS)} == above


def test_a_payment_keeps_its_key_up_to_its_score(finished: Run) -> None:
    users = {payment_id(record): record.key for record in finished.records(topics.SOURCE)}
    scored = {json.loads(record.value)["id"]: record.key for record in finished.records(topics.SCORES)}
    assert scored == users
