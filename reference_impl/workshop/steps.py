"""The pipeline's stages, one function each: `workshop demo` runs them all, `workshop stage` as far as asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from fraud_pipeline import preprocess
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions
from fraud_pipeline.ingest import IngestReport
from fraud_pipeline.ingest import ingest as send
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.prepare import Split, read_payments, split_by_time
from fraud_pipeline.train import TrainSettings
from fraud_pipeline.train.bundle import save_bundle
from fraud_pipeline.train.fit import TrainedDetector, train
from fraud_pipeline.transactions import Source
from workshop.scoring_service import scorer, wait_until_scored
from workshop.stack.processes import Handle

PATIENCE = 600.0
"""Seconds that a stage waits for what runs elsewhere."""


class Watcher(Protocol):
    """Is told how the run goes on."""

    def begin(self, stage: str, doing: str) -> None:
        """A stage begins."""

    def progress(self, doing: str, share: float | None = None) -> None:
        """Something within the stage; ``share`` of it, 0 to 1, where that is known."""

    def end(self, result: str, seconds: float) -> None:
        """The stage has ended well."""


@dataclass
class Stage:
    """A stage while it runs: what it has found goes to ``result``, one line."""

    watcher: Watcher
    result: str = ""

    def progress(self, doing: str, share: float | None = None) -> None:
        self.watcher.progress(doing, share)


@dataclass
class Clock:
    """Times the stages and tells the watcher."""

    watcher: Watcher
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[Stage]:
        self.watcher.begin(name, doing)
        began = time.perf_counter()
        stage = Stage(self.watcher)
        yield stage
        self.seconds[name] = time.perf_counter() - began
        self.watcher.end(stage.result, self.seconds[name])


def ingest(connection: Connection, payments: Source, rows: int | None, stage: Stage) -> IngestReport:
    """Send the payments to the source topic, as many as ``rows``; Ctrl-C ends it after what was sent."""
    report = send(connection, payments, rows=rows, progress=lambda sent: stage.progress(f"{sent:,} payments sent"))
    if report.interrupted:
        raise KeyboardInterrupt
    stage.result = f"{report.ingested:,} rows, {report.rate:,.0f} a second, {report.dead_lettered:,} dead letters"
    return report


def preprocess_payments(connection: Connection, stage: Stage) -> None:
    """Send all KSQL statements, and wait until their queries have read what there is."""
    preprocess.apply(connection, progress=stage.progress)
    preprocess.wait_until_caught_up(
        connection, PATIENCE, progress=lambda left: stage.progress(f"{left:,} records to go")
    )
    stage.result = f"{len(preprocess.statements())} KSQL statements, {len(preprocess.SINKS)} topics written"


def prepare(connection: Connection, stage: Stage) -> Split:
    """Read the preprocessed payments and split them by time."""
    split = split_by_time(read_payments(connection))
    parts = {"train": split.train, "validate": split.validation, "test": split.test}
    stage.result = ", ".join(f"{len(part):,} payments to {purpose}" for purpose, part in parts.items())
    return split


def fit(split: Split, settings: TrainSettings, bundle: Path, stage: Stage, logs: Path | None = None) -> TrainedDetector:
    """Train a detector and save it as the ``bundle``; TensorFlow's logs go to ``logs``."""
    trained = train(split, settings, stage.progress, logs)
    save_bundle(trained.bundle, bundle)
    stage.result = f"AUPRC {_figure(trained.evaluation.auprc)}, AUROC {_figure(trained.evaluation.auroc)}"
    return trained


@contextmanager
def scoring(connection: Connection, bundle: Path, log: Path, stage: Stage) -> Iterator[Handle]:
    """Run a scorer that has scored what is there, until the block ends."""
    ensure_topics(connection, ScorerOptions().outputs)
    with scorer(connection, bundle, log) as process:
        stage.progress("scoring the history")
        wait_until_scored(connection, process, log)
        stage.result = "history scored"
        yield process


def _figure(value: float | None) -> str:
    return "unknown (no frauds to test on)" if value is None else f"{value:.3f}"
