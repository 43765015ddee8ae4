"""The scorer against a real broker: every payment once, bad records set aside, clean stops, shared partitions."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from fraud_pipeline import kafka as clients
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ReadError, ScorerOptions, run_scorer
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.monitor.lag import consumer_lag
from fraud_pipeline.registry import RegistryUnreachableError, schemas_of
from tests.fraud_pipeline.deploy.support import (
    SquareDetector,
    encode,
    payment,
    payments,
    produce,
    read_committed,
    start_scorer,
)


def score_all(
    connection: Connection, options: ScorerOptions, stopping: Callable[[], bool] = lambda: False
) -> list[int]:
    """Run a scorer in this process until the end; gives the sizes of its batches."""
    sizes: list[int] = []
    ensure_topics(connection, dict.fromkeys((options.scores, options.alerts, options.dead_letters), 3))
    run_scorer(
        connection,
        SquareDetector(),
        schemas_of(connection.registry_url),
        replace(options, stop_at_end=True),
        stopping,
        on_batch=lambda batch: sizes.append(batch.scored + batch.dead_lettered),
    )
    return sizes


def committed(connection: Connection, options: ScorerOptions) -> int:
    """How many payments the group has committed."""
    return sum(place.committed for place in consumer_lag(connection, options.group))


def wait_until(condition: Callable[[], bool], scorer: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for ``condition`` while ``scorer`` lives."""
    deadline = time.monotonic() + 120
    while not condition():
        assert scorer.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()


@pytest.mark.parametrize("delivery", ["exactly-once", "at-least-once"])
def test_every_payment_gets_its_score_and_the_unusual_an_alert(connection, options, delivery) -> None:
    produce(connection, options.source, payments(1000))
    assert sum(score_all(connection, replace(options, delivery=delivery, max_rows=300))) == 1000

    messages = list(read_committed(connection, options.scores))
    keys = {json.loads(message.value())["id"]: message.key() for message in messages}
    scores = {row["id"]: row for row in (json.loads(message.value()) for message in messages)}
    assert len(messages) == len(scores) == 1000
    assert keys[998] == b"User_1"
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


def test_bad_records_go_to_the_dead_letters_with_reason_and_origin(connection, options) -> None:
    produce(connection, options.source, payments(10))
    bad = [(b"a", b"no avro"), (b"b", None), (b"c", encode(payment(11, V2=None)))]
    produce(connection, options.source, iter(bad))
    assert sum(score_all(connection, options)) == 13

    letters = {message.key(): message for message in read_committed(connection, options.dead_letters)}
    headers = {key: clients.headers_as_text(message) for key, message in letters.items()}
    assert {key: message.value() for key, message in letters.items()} == dict(bad)
    assert headers[b"a"]["dlq.reason"] == "not Avro in Confluent's wire format"
    assert headers[b"b"]["dlq.reason"] == "the record has no value"
    assert headers[b"c"]["dlq.reason"] == "V2 is null"
    origin = headers[b"c"]
    [source] = [message for message in read_committed(connection, options.source) if message.key() == b"c"]
    assert origin["dlq.topic"] == options.source
    assert (int(origin["dlq.partition"]), int(origin["dlq.offset"])) == (source.partition(), source.offset())
    assert len(list(read_committed(connection, options.scores))) == 10


def test_a_batch_is_read_again_after_its_transaction_was_aborted(connection, options, caplog) -> None:
    produce(connection, options.source, payments(300))
    ensure_topics(connection, {options.scores: 3}, {"max.message.bytes": "100"})  # every score is too large
    admin = AdminClient(connection.kafka())
    resource = ConfigResource(
        ConfigResource.Type.TOPIC,
        options.scores,
        incremental_configs=[ConfigEntry("max.message.bytes", "1000000", incremental_operation=AlterConfigOpType.SET)],
    )

    def repair_after_an_abort() -> bool:
        if "aborted" in caplog.text:
            [answer] = admin.incremental_alter_configs([resource]).values()
            answer.result()
        return False

    sizes = score_all(connection, options, repair_after_an_abort)
    assert "transaction aborted" in caplog.text
    assert sum(sizes) == 300
    scored = Counter(json.loads(message.value())["id"] for message in read_committed(connection, options.scores))
    assert scored == Counter(range(300))


def test_a_stopped_scorer_has_finished_its_batch_and_the_next_goes_on(connection, options, tmp_path) -> None:
    produce(connection, options.source, payments(20_000))
    options = replace(options, max_rows=100)
    log = tmp_path / "scorer.log"
    scorer = start_scorer(connection, options, log)
    try:
        wait_until(lambda: committed(connection, options) > 0, scorer, log)
        scorer.send_signal(signal.SIGTERM)
        assert scorer.wait(60) == 0, log.read_text()
    finally:
        scorer.kill()
        scorer.wait()
    done = committed(connection, options)
    assert 0 < done < 20_000
    assert len(list(read_committed(connection, options.scores))) == done
    assert sum(score_all(connection, options)) == 20_000 - done


def test_a_scorer_that_joins_takes_over_partitions_and_nothing_is_scored_twice(connection, options, tmp_path) -> None:
    rows, step = 30_000, 10_000
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    scorers = []
    try:
        for number, log in enumerate(logs):
            produce(connection, options.source, payments(step, first=number * step))
            one = replace(options, instance=str(number), max_rows=50, takeover_seconds=6.0)
            scorers.append(start_scorer(connection, one, log))
            wait_until(lambda log=log: "assigned partitions [" in log.read_text(), scorers[-1], log)
        produce(connection, options.source, payments(step, first=2 * step))
        wait_until(lambda: committed(connection, options) >= rows, scorers[-1], logs[-1])
        for scorer in scorers:
            scorer.send_signal(signal.SIGTERM)
        assert [scorer.wait(60) for scorer in scorers] == [0, 0]
    finally:
        for scorer in scorers:
            scorer.kill()
            scorer.wait()
    assert "gave back partitions" in logs[0].read_text()
    shares = [int(re.findall(r"scored (\d+),", log.read_text())[0]) for log in logs]
    assert sum(shares) == rows
    assert min(shares) > 0
    scored = Counter(json.loads(message.value())["id"] for message in read_committed(connection, options.scores))
    assert scored == Counter(range(rows))


def test_a_second_scorer_of_the_same_name_replaces_the_first(connection, options, tmp_path) -> None:
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"
    first = start_scorer(connection, options, first_log)
    second = None
    try:
        wait_until(lambda: "assigned partitions" in first_log.read_text(), first, first_log)
        second = start_scorer(connection, options, second_log)
        wait_until(lambda: "assigned partitions" in second_log.read_text(), second, second_log)
        produce(connection, options.source, payments(100))
        assert first.wait(60) != 0
        assert "another scorer runs as the same instance" in first_log.read_text()
        wait_until(lambda: committed(connection, options) == 100, second, second_log)
    finally:
        for scorer in filter(None, (first, second)):
            scorer.kill()
            scorer.wait()
    assert len(list(read_committed(connection, options.scores))) == 100


def test_a_missing_topic_is_an_error_that_names_it(connection, options, unique) -> None:
    missing = unique("nowhere")
    with pytest.raises(ReadError, match=missing):
        score_all(connection, replace(options, source=missing))


def test_an_unreachable_registry_stops_the_scorer_and_loses_nothing(connection, options) -> None:
    produce(connection, options.source, payments(10))
    with pytest.raises(RegistryUnreachableError, match=r"http://127\.0\.0\.1:9"):
        score_all(replace(connection, registry_url="http://127.0.0.1:9"), options)
    assert sum(score_all(connection, options)) == 10
