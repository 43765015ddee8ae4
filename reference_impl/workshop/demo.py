"""All stages of the pipeline in one run, from a source of payments to the material of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from fraud_pipeline.ingest import ingest
from fraud_pipeline.monitor.lag import consumer_lag
from fraud_pipeline.monitor.latency import Latency, LatencyProbe
from fraud_pipeline.monitor.run import ModelFigures, ModelRun, Records, RunReport
from fraud_pipeline.monitor.scores import DeadLetters, read_dead_letters, read_scores
from fraud_pipeline.prepare import LABEL, Split, features_of
from fraud_pipeline.snapshot import read_to_end
from fraud_pipeline.train import TrainSettings
from fraud_pipeline.train.baselines import compare
from fraud_pipeline.transactions import Source
from workshop import steps
from workshop.clean_slate import clear
from workshop.held_back import History
from workshop.scoring_service import wait_until_scored
from workshop.steps import PATIENCE, Clock, Stage, Watcher


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


def run(connection: Connection, options: DemoOptions, watcher: Watcher) -> RunReport:
    """Run every stage, on topics that are made anew, and return what the report is made of."""
    started = datetime.now(UTC)
    clock = Clock(watcher)
    history = History(options.source, options.live)
    with clock.stage("ingest", "removing what an earlier run has left") as stage:
        clear(connection)
        ingested = steps.ingest(connection, history, options.rows, stage)
    with clock.stage("preprocess", "sending the KSQL statements") as stage:
        preprocess.produce_users(connection, ingested.users)
        steps.preprocess_payments(connection, stage)
    with clock.stage("prepare", "reading the preprocessed payments") as stage:
        split = steps.prepare(connection, stage)
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


def _train(split: Split, options: DemoOptions, stage: Stage) -> ModelRun:
    settings = options.training
    trained = steps.fit(split, settings, options.work / "bundle", stage, options.work / "training")
    baselines = compare(split, settings, stage.progress)
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
    with steps.scoring(connection, options.work / "bundle", log, stage) as process:
        stage.progress(f"live payments, {options.live_rate:g} a second")
        with LatencyProbe(connection) as probe:
            sent = ingest(connection, live, rate=options.live_rate, timestamps="now").produced
            wait_until_scored(connection, process, log)
            latency = probe.result(sent, PATIENCE) if sent else None
    quick = f"; {sent:,} live, p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms" if latency else ""
    stage.result += quick
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
