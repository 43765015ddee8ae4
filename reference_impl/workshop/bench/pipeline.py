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


@dataclass(frozen=True)
class PipelineFigures:
    """Payments per second from the first sent to the last scored, and latencies at :data:`LIVE_RATE` a second."""

    records_per_second: float
    latency: Latency


def measure(connection: Connection, bundle: Path, log: Path, rows: int = 50_000, live: int = 10_000) -> PipelineFigures:
    """Send ``rows`` payments as fast as they go, then ``live`` more evenly paced.

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
        with LatencyProbe(connection, topics.ALERTS) as probe:
            ingest(connection, SyntheticSource(seed=1), rows=live, rate=LIVE_RATE, timestamps="now")
            latency = probe.result(live, _PATIENCE)
    if latency is None or len(latency.values) < live:
        raise WorkshopError(f"Not every payment became an alert within {_PATIENCE:.0f} s.", hint=f"See {log}.")
    return PipelineFigures(rate, latency)
