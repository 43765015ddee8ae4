"""All stages of the pipeline in one run, from a source of payments to the material of the report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from fraud_pipeline.ingest import IngestReport, ingest
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.monitor.lag import consumer_lag
from fraud_pipeline.monitor.latency import Latency, LatencyProbe
from fraud_pipeline.monitor.run import ModelFigures, ModelRun, Records, RunReport
from fraud_pipeline.monitor.scores import DeadLetters, read_dead_letters, read_scores
from fraud_pipeline.prepare import LABEL, Split, features_of, read_payments, split_by_time
from fraud_pipeline.snapshot import read_to_end
from fraud_pipeline.train import TrainSettings
from fraud_pipeline.train.baselines import compare
from fraud_pipeline.train.bundle import save_bundle
from fraud_pipeline.train.fit import train
from fraud_pipeline.transactions import Source
from workshop.clean_slate import clear
from workshop.held_back import History
from workshop.scoring_service import scorer, wait_until_scored

_PATIENCE = 600.0


class Watcher(Protocol):
    """Is told how the run goes on."""

    def begin(self, stage: str, doing: str) -> None:
        """A stage begins."""

    def progress(self, doing: str, share: float | None = None) -> None:
        """Something within the stage; ``share`` of it, 0 to 1, where that is known."""

    def end(self, result: str, seconds: float) -> None:
        """The stage has ended well."""


@dataclass(frozen=True)
class DemoOptions:
    """What to run.

    Of ``rows`` payments of ``source`` (None: all), the last ``live`` ones arrive at ``live_rate`` a second once
    the scorer runs. The model, its logs and the scorer's log go to ``work``.
    """

    source: Source
    work: Path
    rows: int | None = None
    live: int = 3_000
    live_rate: float = 500
    training: TrainSettings = field(default_factory=TrainSettings)


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


def run(connection: Connection, options: DemoOptions, watcher: Watcher) -> RunReport:
    """Run every stage, on topics that are made anew, and return what the report is made of."""
    started = datetime.now(UTC)
    clock = Clock(watcher)
    history = History(options.source, options.live)
    with clock.stage("ingest", "removing what an earlier run has left") as stage:
        clear(connection)
        ingested = _ingest(connection, history, options.rows, stage)
    with clock.stage("preprocess", "sending the KSQL statements") as stage:
        _preprocess(connection, ingested, stage)
    with clock.stage("prepare", "reading the preprocessed payments") as stage:
        split = _prepare(connection, stage)
    with clock.stage("train", "fitting the scaler") as stage:
        model = _train(split, options, stage)
    with clock.stage("deploy", "starting the scorer") as stage:
        live, latency = _deploy(connection, history.live, options, stage)
    with clock.stage("monitor", "reading scores, alerts and dead letters") as stage:
        records, dead_letters = _count(connection, ingested.ingested + live, stage)
        replayed = read_scores(connection)
        lag = consumer_lag(connection, ScorerOptions.group)
    return RunReport(
        data=options.source.name,
        started=started,
        records=records,
        model=model,
        seconds=clock.seconds,
        replayed=replayed.before(started),
        latency=latency,
        live_rate=options.live_rate if latency else None,
        dead_letters=dead_letters,
        lag=lag,
    )


def _ingest(connection: Connection, payments: Source, rows: int | None, stage: Stage) -> IngestReport:
    report = ingest(connection, payments, rows=rows, progress=lambda sent: stage.progress(f"{sent:,} payments sent"))
    if report.interrupted:
        raise KeyboardInterrupt
    stage.result = f"{report.ingested:,} rows, {report.rate:,.0f} a second, {report.dead_lettered:,} dead letters"
    return report


def _preprocess(connection: Connection, ingested: IngestReport, stage: Stage) -> None:
    preprocess.produce_users(connection, ingested.users)
    preprocess.apply(connection, progress=stage.progress)
    preprocess.wait_until_caught_up(
        connection, _PATIENCE, progress=lambda left: stage.progress(f"{left:,} records to go")
    )
    stage.result = f"{len(preprocess.statements())} KSQL statements, {len(preprocess.SINKS)} topics written"


def _prepare(connection: Connection, stage: Stage) -> Split:
    split = split_by_time(read_payments(connection))
    parts = {"train": split.train, "validate": split.validation, "test": split.test}
    stage.result = ", ".join(f"{len(part):,} payments to {purpose}" for purpose, part in parts.items())
    return split


def _train(split: Split, options: DemoOptions, stage: Stage) -> ModelRun:
    settings, bundle = options.training, options.work / "bundle"
    trained = train(split, settings, stage.progress, options.work / "training")
    save_bundle(trained.bundle, bundle)
    baselines = compare(split, settings, stage.progress)
    stage.result = f"AUPRC {_figure(trained.evaluation.auprc)}, AUROC {_figure(trained.evaluation.auroc)}"
    return ModelRun(
        chosen=ModelFigures("ours", trained.evaluation, trained.bundle.score(features_of(split.test))),
        baselines=[ModelFigures(name, result.evaluation, result.scores) for name, result in baselines.items()],
        threshold=trained.bundle.threshold,
        alert_budget=settings.alerts_per_10k,
        train_rows=trained.bundle.facts.rows,
        train_seconds=trained.bundle.facts.seconds,
        labels=split.test[LABEL].to_numpy(),
        quantiles=trained.bundle.score_quantiles,
    )


def _deploy(connection: Connection, live: Source, options: DemoOptions, stage: Stage) -> tuple[int, Latency | None]:
    """Score the history, then send the live payments and time them. Returns how many were live, and how quick."""
    log = options.work / "scorer.log"
    outputs = (topics.SCORES, topics.ALERTS, topics.dead_letters(topics.PREPROCESSED))
    ensure_topics(connection, dict.fromkeys(outputs, topics.PARTITIONS))
    with scorer(connection, options.work / "bundle", log) as process:
        stage.progress("scoring the history")
        wait_until_scored(connection, process, log)
        stage.progress(f"live payments, {options.live_rate:g} a second")
        with LatencyProbe(connection) as probe:
            sent = ingest(connection, live, rate=options.live_rate, timestamps="now").produced
            wait_until_scored(connection, process, log)
            latency = probe.result(sent, _PATIENCE) if sent else None
    quick = f"; {sent:,} live, p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms" if latency else ""
    stage.result = f"history scored{quick}"
    return sent, latency


def _count(connection: Connection, ingested: int, stage: Stage) -> tuple[Records, list[DeadLetters]]:
    """What is on the topics, counted by reading them."""
    dead_letters = [
        letters
        for topic in (topics.SOURCE, topics.PREPROCESSED)
        for letters in read_dead_letters(connection, topics.dead_letters(topic))
    ]
    records = Records(
        ingested=ingested,
        preprocessed=_records(connection, topics.PREPROCESSED),
        filtered=_records(connection, preprocess.UNLABELLED),
        scored=_records(connection, topics.SCORES),
        dead_lettered=sum(letters.count for letters in dead_letters),
        alerts=_records(connection, topics.ALERTS),
    )
    stage.result = f"{records.scored:,} scores, {records.alerts:,} alerts, {records.dead_lettered:,} dead letters"
    return records, dead_letters


def _records(connection: Connection, topic: str) -> int:
    return sum(len(batch) for batch in read_to_end(connection, topic))


def _figure(value: float | None) -> str:
    return "unknown (no frauds to test on)" if value is None else f"{value:.3f}"
