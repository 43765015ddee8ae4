"""The deployed detector on micro-batches, against ``model.predict`` on the message in hand."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from fraud_pipeline.train.bundle import Bundle
from workshop.bench.ratio import Ratio

_BATCH = 1_024
_BATCHES = 20
_MESSAGES = 60


def measure(bundle: Bundle, features: np.ndarray, repeats: int = 3) -> Ratio:
    """Payments per second of either side, on the same ``features`` (n, d) and with the same autoencoder.

    The peer does less: one autoencoder of the demo of 2019 and no density. It is called as that demo called it,
    once a message.
    """
    from fraud_pipeline.train.autoencoder import original_autoencoder

    model = original_autoencoder(features.shape[1])
    rows = np.ascontiguousarray(np.resize(features, (_BATCH, features.shape[1])))
    model.predict(rows[:1], verbose=0)  # the first call traces the graph
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(_rate(lambda: bundle.score(rows), _BATCHES) * _BATCH)
        theirs.append(_rate(lambda: model.predict(rows[:1], verbose=0), _MESSAGES))
    return Ratio.of_medians("scoring, in micro-batches", "model.predict per message", "payments/s", ours, theirs)


def _rate(call: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        call()
    return times / (time.perf_counter() - began)
