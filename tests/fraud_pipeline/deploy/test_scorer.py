"""The scorer against a real broker: every payment once, bad records set aside, clean stops, shared partitions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions, run_scorer
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.registry import schemas_of
from tests.fraud_pipeline.deploy.support import (
    SquareDetector,
    payments,
    produce,
    read_committed,
)


def score_all(connection: Connection, options: ScorerOptions) -> list[int]:
    """Run a scorer in this process until the end; gives the sizes of its batches."""
    sizes: list[int] = []
    ensure_topics(connection, dict.fromkeys((options.scores, options.alerts, options.dead_letters), 3))
    run_scorer(
        connection,
        SquareDetector(),
        schemas_of(connection.registry_url),
        replace(options, stop_at_end=True),
        stopping=lambda: False,
        on_batch=lambda batch: sizes.append(batch.scored + batch.dead_lettered),
    )
    return sizes


@pytest.mark.parametrize("delivery", ["exactly-once", "at-least-once"])
def test_every_payment_gets_its_score_and_the_unusual_an_alert(connection, options, delivery) -> None:
    produce(connection, options.source, payments(1000))
    assert sum(score_all(connection, replace(options, delivery=delivery, max_rows=300))) == 1000

    messages = list(read_committed(connection, options.scores))
    scores = {row["id"]: row for row in (json.loads(message.value()) for message in messages)}
    assert len(messages) == len(scores) == 1000
    assert {message.key() for message in messages if json.loads(message.value())["id"] == 998} == {b"User_1"}
    row = scores[100]
    assert row["user"] == "User_100"
    assert row["label"] == 1
    assert row["alert"]
    assert row["model"] == "squares-1"
    assert row["score"] == pytest.approx((16 + 16) / 3)
    alerts = [json.loads(message.value())["id"] for message in read_committed(connection, options.alerts)]
    assert sorted(alerts) == list(range(0, 1000, 100))


def test_a_second_run_goes_on_where_the_first_stopped(connection, options) -> None:
    produce(connection, options.source, payments(500))
    assert sum(score_all(connection, options)) == 500
    produce(connection, options.source, payments(50, first=500))
    assert sum(score_all(connection, options)) == 50
    assert score_all(connection, options) == []
