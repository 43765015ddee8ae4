"""Scorers are killed at random moments; in the end every payment has been scored exactly once.

``WORKSHOP_CRASH_ROWS`` sets the number of payments (20,000 if it is not set).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions
from fraud_pipeline.kafka import COORDINATOR_IS_STARTING
from tests.fraud_pipeline.deploy.support import payments, produce, read_committed, start_scorer

ROWS = int(os.environ.get("WORKSHOP_CRASH_ROWS", "20000"))
KILLS = 6
PATIENCE = 120.0


class Progress:
    """How many payments the group has committed, asked from the broker."""

    def __init__(self, connection: Connection, options: ScorerOptions) -> None:
        self._partitions = [TopicPartition(options.source, partition) for partition in range(3)]
        # Uncommitted reads do not wait for the end of a transaction, so they do not favour moments between two.
        self._consumer = Consumer(connection.kafka(group_id=options.group, isolation_level="read_uncommitted"))

    def committed(self) -> int:
        try:
            places = self._consumer.committed(self._partitions, timeout=30)
        except KafkaException as error:
            if error.args[0].code() not in COORDINATOR_IS_STARTING:
                raise
            return 0
        return sum(max(place.offset, 0) for place in places)

    def wait_for(self, count: int, scorers: list[subprocess.Popen[bytes]]) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.committed() < count:
            assert all(scorer.poll() is None for scorer in scorers), "a scorer ended by itself"
            assert time.monotonic() < deadline, f"stuck at {self.committed()} of {count}"

    def close(self) -> None:
        self._consumer.close()


@pytest.mark.slow
@pytest.mark.parametrize("instances", [1, 2])
def test_killed_scorers_lose_nothing_and_repeat_nothing(
    connection: Connection, options: ScorerOptions, tmp_path: Path, instances: int
) -> None:
    produce(connection, options.source, payments(ROWS))
    chance = random.Random(instances)
    # Small batches, so that kills meet transactions at every stage; quick takeovers, so that the test is short.
    each = [
        replace(options, instance=str(number), max_rows=max(ROWS // 200, 1), takeover_seconds=6.0)
        for number in range(instances)
    ]
    log = tmp_path / "scorers.log"
    scorers = [start_scorer(connection, one, log) for one in each]
    progress = Progress(connection, options)
    try:
        for kill in range(KILLS):
            progress.wait_for(ROWS * (kill + 1) // (KILLS + 2), scorers)
            threading.Event().wait(chance.random() / 20)  # so that the kill comes at any moment of a batch
            victim = chance.randrange(instances)
            scorers[victim].send_signal(signal.SIGKILL)
            scorers[victim].wait()
            scorers[victim] = start_scorer(connection, each[victim], log)
        progress.wait_for(ROWS, scorers)
        for scorer in scorers:
            scorer.send_signal(signal.SIGTERM)
        # The one that was started last may be told to stop before it has begun.
        assert {scorer.wait(PATIENCE) for scorer in scorers} <= {0, -signal.SIGTERM}
    finally:
        progress.close()
        for scorer in scorers:
            scorer.kill()
            scorer.wait()

    scored = Counter(json.loads(message.value())["id"] for message in read_committed(connection, options.scores))
    assert len(scored) == ROWS
    assert set(scored.values()) == {1}
    alerts = Counter(json.loads(message.value())["id"] for message in read_committed(connection, options.alerts))
    assert alerts == Counter(range(0, ROWS, 100))
