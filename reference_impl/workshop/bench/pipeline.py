"""The whole pipeline: how many payments a second it takes, and how soon a payment becomes an alert."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import ingest
from fraud_pipeline.monitor.latency import Latency, LatencyProbe
from fraud_pipeline.transactions.synthetic import SyntheticSource
from workshop.clean_slate import clear
from workshop.errors import WorkshopError
from workshop.scoring_service import scorer, wait_until_scored

LIVE_RATE = 1_000.0
_PATIENCE = 60.0
WARM_UP_SECONDS = 5.0
"""Left out of the latencies: clients connect, the broker's Java compiles what is now called often."""

_BEFORE_AT_LEAST_ONCE = 1_000


@dataclass(frozen=True)
class PipelineFigures:
    """Payments per second from the first sent to the last scored, and latencies at :data:`LIVE_RATE` a second.

    ``latency`` is that of the default, exactly-once delivery; ``at_least_once`` stands beside it from the same run.
    """

    records_per_second: float
    latency: Latency
    at_least_once: Latency


def measure(connection: Connection, bundle: Path, log: Path, rows: int = 50_000, live: int = 15_000) -> PipelineFigures:
    """Send ``rows`` payments as fast as they go, then ``live`` more evenly paced, of which the first
    :data:`WARM_UP_SECONDS` do not count.

    ``bundle`` should hold a threshold that every payment exceeds: then each becomes an alert, and the percentiles
    rest on all of them.
    """
    clear(connection)
    preprocess.apply(connection)
    with scorer(connection, bundle, log) as process:
        began = time.perf_counter()
        source = SyntheticSource()
        report = ingest(connection, source, rows=rows)
        preprocess.produce_users(connection, report.users)
        preprocess.wait_until_caught_up(connection)
        wait_until_scored(connection, process, log)
        rate = rows / (time.perf_counter() - began)
        latency = _latency(connection, live, log)
    # Another scorer takes the place of the first: same group, same payments, the other way to deliver.
    with scorer(connection, bundle, log, "at-least-once") as process:
        ingest(connection, SyntheticSource(seed=2), rows=_BEFORE_AT_LEAST_ONCE)
        preprocess.wait_until_caught_up(connection)
        wait_until_scored(connection, process, log)
        return PipelineFigures(rate, latency, _latency(connection, live, log))


def _latency(connection: Connection, live: int, log: Path) -> Latency:
    """From payment to alert, of ``live`` payments sent at an even pace to the scorer that runs."""
    with LatencyProbe(connection, topics.ALERTS) as probe:
        ingest(connection, SyntheticSource(seed=1), rows=live, rate=LIVE_RATE, timestamps="now")
        everything = probe.result(live, _PATIENCE)
        latency = probe.result(live, 0, WARM_UP_SECONDS)
    if everything is None or latency is None or len(everything.values) < live:
        raise WorkshopError(f"Not every payment became an alert within {_PATIENCE:.0f} s.", hint=f"See {log}.")
    return latency
