"""What Prometheus would read from a scorer."""

from __future__ import annotations

from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from fraud_pipeline.deploy.metrics import ScorerMetrics
from fraud_pipeline.deploy.scorer import BatchFacts

NOW = 1_795_000_000_000
TWO_DAYS = 172_800_000


@pytest.fixture
def samples() -> dict[str, float]:
    """The samples that are served after two batches: live payments, then replayed ones."""
    metrics = ScorerMetrics()
    metrics.observe(BatchFacts(3, 1, 2, 0.012, [NOW - 8, NOW - 15, NOW - 40], NOW))
    metrics.observe(BatchFacts(2, 0, 0, 0.004, [NOW - TWO_DAYS] * 2, NOW + 1000))
    with urlopen(f"http://127.0.0.1:{metrics.serve(0)}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_payments_are_counted_by_what_became_of_them(samples: dict[str, float]) -> None:
    assert samples["fraud_payments_total[scored]"] == 5
    assert samples["fraud_payments_total[dead_lettered]"] == 2
    assert samples["fraud_alerts_total"] == 1


def test_batches_are_measured_in_rows_and_seconds(samples: dict[str, float]) -> None:
    assert samples["fraud_batch_rows_count"] == 2
    assert samples["fraud_batch_rows_sum"] == 7
    assert samples["fraud_batch_seconds_sum"] == pytest.approx(0.016)
    assert samples["fraud_last_batch_timestamp_seconds"] == (NOW + 1000) / 1000


def test_only_live_payments_have_a_latency(samples: dict[str, float]) -> None:
    assert samples["fraud_latency_seconds_count"] == 3
    assert samples["fraud_latency_seconds_bucket[0.01]"] == 1
    assert samples["fraud_latency_seconds_bucket[0.05]"] == 3
