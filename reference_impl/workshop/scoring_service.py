"""The scorer as a process of its own, as it runs in production: started, waited for, stopped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from confluent_kafka import Consumer

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from fraud_pipeline.kafka import end_offsets
from fraud_pipeline.monitor.lag import consumer_lag
from workshop.errors import StackError
from workshop.stack import processes
from workshop.stack.processes import Handle


@contextmanager
def scorer(connection: Connection, bundle: Path, log: Path, delivery: str = "exactly-once") -> Iterator[Handle]:
    """Run a scorer with the model in ``bundle`` until the block ends; then it finishes its batch and stops."""
    handle = processes.start(
        [
            *(sys.executable, "-m", "fraud_pipeline.deploy", "--bundle", str(bundle), "--delivery", delivery),
            *("--bootstrap-servers", connection.bootstrap_servers, "--registry-url", connection.registry_url),
        ],
        log,
    )
    try:
        yield handle
    finally:
        processes.stop(handle)


def wait_until_scored(
    connection: Connection, handle: Handle, log: Path, patience: float = 600, group: str = ScorerOptions.group
) -> None:
    """Return when every payment that is there has been scored and committed by the scorers of ``group``.

    Raises:
        StackError: the scorer has ended, or ``patience`` seconds have passed; with the tail of its log.
    """

    if not processes.comes_true(lambda: not handle.is_running or _left(connection, group) == 0, patience):
        problem = f"did not get through within {patience:.0f} s"
    elif not handle.is_running:
        problem = "has ended"
    else:
        return
    raise StackError(f"The scorer {problem}.\n{processes.tail(log)}", hint=f"Its log: {log}")


def _left(connection: Connection, group: str) -> int:
    """Offsets that ``group`` has yet to commit."""
    committed = {place.partition: place.committed for place in consumer_lag(connection, group)}
    with closing(Consumer(connection.kafka(group_id=group))) as consumer:
        ends = end_offsets(consumer, topics.PREPROCESSED)
    return sum(high - max(low, committed.get(partition, 0)) for partition, (low, high) in ends.items())
