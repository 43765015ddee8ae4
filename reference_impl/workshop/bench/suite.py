"""All measurements in one run, on a platform of their own that is removed afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa

from fraud_pipeline.prepare import EVENT_TIME, features_of, split_by_time
from fraud_pipeline.train import FitSettings, TrainSettings
from fraud_pipeline.train.bundle import Bundle, content_version, save_bundle
from fraud_pipeline.train.fit import train
from fraud_pipeline.transactions.synthetic import SyntheticSource
from workshop.bench import ingestion, pipeline, scoring
from workshop.bench.pipeline import PipelineFigures
from workshop.bench.ratio import Ratio
from workshop.stack import FREE_PORTS, EmbeddedStack, jars
from workshop.stack.java import Java

_TRAINED = 6_000


@dataclass(frozen=True)
class BenchFigures:
    """What a run of the suite has measured, and ``busy``: the share of the processors that others used just before."""

    ingestion: Ratio
    scoring: Ratio
    pipeline: PipelineFigures
    busy: float


def run(cache: Path, report: Callable[[str], None]) -> BenchFigures:
    """Measure everything, one thing after the other. ``report`` is told what is being done."""
    busy = psutil.cpu_percent(interval=1) / 100
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as scratch:
        folder = Path(scratch)
        report("training a detector of the usual size")
        bundle, features = _detector()
        save_bundle(bundle, folder / "bundle")
        report("scoring against model.predict")
        scored = scoring.measure(bundle, features)
        stack = EmbeddedStack(folder, cache, preferred=FREE_PORTS)
        try:
            connection = stack.up(report)
            report("ingestion against ProducerPerformance")
            java = Java([cache / "jars" / jar.filename for jar in jars.locked_jars()], cache / "archives")
            ingested = ingestion.measure(connection, java, folder)
            report("the whole pipeline, then its latency")
            figures = pipeline.measure(connection, folder / "bundle", folder / "scorer.log")
        finally:
            stack.down(report)
    return BenchFigures(ingested, scored, figures, busy)


def _detector() -> tuple[Bundle, np.ndarray]:
    """A detector of the usual size, trained in a moment: speed does not depend on how good it is.

    Its threshold is one that every payment exceeds (see :func:`pipeline.measure`).
    """
    split = split_by_time(_frame(_TRAINED))
    bundle = train(split, TrainSettings(fit=FitSettings(epochs=1))).bundle
    detector = replace(bundle.detector, threshold=-1e9)
    detector = replace(detector, version=content_version(detector))
    return replace(bundle, detector=detector), features_of(split.test)


def _frame(rows: int) -> pd.DataFrame:
    """Synthetic payments as they are after preprocessing."""
    table = pa.Table.from_batches([block.payments for block in SyntheticSource().blocks(rows)])
    frame = table.to_pandas().rename(columns=str.upper)
    return frame.assign(**{EVENT_TIME: frame["TIMESTAMP"].astype("int64")})
