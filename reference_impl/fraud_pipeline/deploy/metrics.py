"""The scorer's metrics for Prometheus, served on loopback."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from fraud_pipeline.deploy.scorer import BatchFacts

_LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_ROW_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LIVE_SECONDS = 3600.0


class ScorerMetrics:
    """Counters and histograms that :meth:`observe` feeds from delivered micro-batches.

    Latency runs from a payment's record timestamp to the commit of its score. Payments that are replayed
    carry the time at which they happened, years ago; only those younger than an hour are counted as live.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        results = Counter("fraud_payments", "Payments by what became of them.", ["result"], registry=self.registry)
        self._scored = results.labels("scored")
        self._dead_lettered = results.labels("dead_lettered")
        self._alerts = Counter("fraud_alerts", "Scores above the threshold.", registry=self.registry)
        self._rows = Histogram(
            "fraud_batch_rows", "Payments in a micro-batch.", buckets=_ROW_BUCKETS, registry=self.registry
        )
        self._seconds = Histogram(
            "fraud_batch_seconds",
            "Time from reading a micro-batch to its commit.",
            buckets=_LATENCY_BUCKETS,
            registry=self.registry,
        )
        self._latency = Histogram(
            "fraud_latency_seconds",
            "Time from a live payment's record timestamp to the commit of its score.",
            buckets=_LATENCY_BUCKETS,
            registry=self.registry,
        )
        self._last = Gauge("fraud_last_batch_timestamp_seconds", "When a batch was last done.", registry=self.registry)

    def observe(self, batch: BatchFacts) -> None:
        """Count one delivered micro-batch."""
        self._scored.inc(batch.scored)
        self._alerts.inc(batch.alerts)
        self._dead_lettered.inc(batch.dead_lettered)
        self._rows.observe(batch.scored + batch.dead_lettered)
        self._seconds.observe(batch.seconds)
        self._last.set(batch.done_at / 1000)
        for event_time in batch.event_times:
            latency = (batch.done_at - event_time) / 1000
            if 0 <= latency < _LIVE_SECONDS:
                self._latency.observe(latency)

    def serve(self, port: int) -> int:
        """Answer on ``http://127.0.0.1:<port>/metrics``; port 0 picks a free one. Gives the port."""
        server, _thread = start_http_server(port, addr="127.0.0.1", registry=self.registry)
        return int(server.server_port)
