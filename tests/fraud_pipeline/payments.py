"""Small frames of payments for tests of preparing and training: correlated columns, frauds far off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fraud_pipeline.prepare import EVENT_TIME, FEATURES


def payments(rows: int = 1500, fraud_share: float = 0.02, seed: int = 0) -> pd.DataFrame:
    """Payments a second apart, whose columns follow from three hidden causes; frauds break the pattern."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(3, len(FEATURES)))
    values = rng.normal(size=(rows, 3)) @ mixing + 0.3 * rng.normal(size=(rows, len(FEATURES)))
    fraud = rng.random(rows) < fraud_share
    values[fraud] += rng.normal(scale=4, size=(fraud.sum(), len(FEATURES)))
    values[:, -1] = np.exp(values[:, -1] / 3)
    frame = pd.DataFrame(values, columns=list(FEATURES))
    frame.insert(0, "ID", np.arange(1, rows + 1))
    frame.insert(1, "USER", "xxxx-42")
    frame.insert(2, "TIME", np.arange(rows))
    return frame.assign(CLASS=fraud.astype(np.int8), **{EVENT_TIME: 1_377_993_600_000 + 1000 * np.arange(rows)})
