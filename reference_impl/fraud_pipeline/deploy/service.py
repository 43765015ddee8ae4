"""The scorer as a process: stops cleanly on SIGTERM and SIGINT, says what it did, serves metrics if asked."""

from __future__ import annotations

import logging
import signal
import threading
from dataclasses import dataclass

from confluent_kafka.admin import AdminClient
from threadpoolctl import threadpool_limits

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.detector import Detector
from fraud_pipeline.deploy.metrics import ScorerMetrics
from fraud_pipeline.deploy.scorer import BatchFacts, ScorerOptions, run_scorer
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.registry import schemas_of

log = logging.getLogger(__name__)

_PATIENCE = 10.0


@dataclass
class Totals:
    """Sums over the life of a scorer."""

    scored: int = 0
    alerts: int = 0
    dead_lettered: int = 0

    def add(self, batch: BatchFacts) -> None:
        """Count a delivered batch."""
        self.scored += batch.scored
        self.alerts += batch.alerts
        self.dead_lettered += batch.dead_lettered


def serve(
    connection: Connection, detector: Detector, options: ScorerOptions, metrics_port: int | None = None
) -> Totals:
    """Run one scorer in the main thread until a signal, or the end if it is to stop there.

    Makes the output topics that are missing. A signal is obeyed after the batch in hand. Raises what
    :func:`~fraud_pipeline.deploy.scorer.run_scorer` raises, and ``KafkaException`` when no broker answers.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    AdminClient(connection.kafka()).list_topics(timeout=_PATIENCE)  # fails soon where nothing answers
    ensure_topics(connection, options.outputs)
    totals, metrics = Totals(), ScorerMetrics()
    if metrics_port is not None:
        log.info("metrics on http://127.0.0.1:%d/metrics", metrics.serve(metrics_port))

    def on_batch(batch: BatchFacts) -> None:
        totals.add(batch)
        metrics.observe(batch)

    log.info("scoring %s as %s, %s", options.source, options.member, options.delivery)
    # A micro-batch is too small to share: threads that wait for each other cost more than they save.
    with threadpool_limits(1, user_api="blas"):
        run_scorer(connection, detector, schemas_of(connection.registry_url), options, stop.is_set, on_batch)
    log.info("scored %d, alerts %d, dead letters %d", totals.scored, totals.alerts, totals.dead_lettered)
    return totals
