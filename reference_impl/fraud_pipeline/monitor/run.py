"""What a run of the pipeline leaves behind for its report: plain values, filled in by whoever ran it.

What a run did not have is ``None`` or empty, and the report says so in its place: no labels, no frauds in the
test part, no live phase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from fraud_pipeline.monitor.lag import PartitionLag
from fraud_pipeline.monitor.latency import Latency
from fraud_pipeline.monitor.scores import DeadLetters, ScoredPayments
from fraud_pipeline.train.evaluation import Evaluation

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Records:
    """How many records each stage passed on. ``ingested`` = ``preprocessed`` + ``filtered`` + the dead letters of
    preprocessing; ``dead_lettered`` counts all stages."""

    ingested: int
    preprocessed: int
    filtered: int
    scored: int
    dead_lettered: int
    alerts: int


@dataclass(frozen=True)
class ModelFigures:
    """One detector on the test part, and the ``scores`` ``(n,)`` that its figures rest on."""

    name: str
    figures: Evaluation
    scores: Floats | None = None


@dataclass(frozen=True)
class ModelRun:
    """The model that was deployed, and those beside it, on the same test part.

    ``labels`` ``(n,)`` are 1 for fraud and 0 for normal, in the order of all ``scores``. ``quantiles`` are those
    of the deployed model's scores in training, evenly spaced from minimum to maximum. ``alert_budget`` is the
    number of alerts per 10,000 payments that the threshold was chosen for.
    """

    chosen: ModelFigures
    baselines: Sequence[ModelFigures]
    threshold: float
    alert_budget: float
    train_rows: int
    train_seconds: float
    labels: NDArray[np.int64] | None = None
    quantiles: Floats | None = None


@dataclass(frozen=True)
class RunReport:
    """One run. ``data`` says where the payments came from; ``seconds`` maps each stage to its duration.

    ``replayed`` are the payments of the file, scored with their own timestamps; ``latency`` is from those that
    were sent live, at ``live_rate`` a second. ``lag`` is the scorer's at the end. ``facts`` are shown as they are.
    """

    data: str
    started: datetime
    records: Records
    model: ModelRun
    seconds: Mapping[str, float]
    replayed: ScoredPayments | None = None
    latency: Latency | None = None
    live_rate: float | None = None
    dead_letters: Sequence[DeadLetters] = ()
    lag: Sequence[PartitionLag] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
