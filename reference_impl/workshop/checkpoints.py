"""The platform as a chapter and its assignment need it: what the stages before them leave, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.train import TrainSettings
from fraud_pipeline.transactions import Source
from workshop import steps
from workshop.clean_slate import clear, remove_readers
from workshop.errors import WorkshopError
from workshop.steps import Clock, Watcher

_EMPTY = "an empty platform"
_PAYMENTS = f"payments on {topics.SOURCE}"
_USERS = f"card holders on {topics.USERS}"
_KSQL = f"all streams and tables of the pipeline, and with them {topics.PREPROCESSED}"
_MODEL = "a trained model"
_SCORES = f"scores on {topics.SCORES}, alerts on {topics.ALERTS}"


class NoSuchCheckpointError(WorkshopError):
    """There is no stage of that number."""


@dataclass(frozen=True)
class Checkpoint:
    """A stage, and what is there when it begins, in the order in which it is made."""

    number: int
    name: str
    holds: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.number:02}-{self.name}"

    @property
    def has_model(self) -> bool:
        return _MODEL in self.holds


CHECKPOINTS = (
    Checkpoint(1, "ingest", (_EMPTY,)),
    Checkpoint(2, "explore", (_PAYMENTS,)),
    Checkpoint(3, "preprocess", (_PAYMENTS, _USERS)),
    Checkpoint(4, "prepare", (_PAYMENTS, _USERS, _KSQL)),
    Checkpoint(5, "train", (_PAYMENTS, _USERS, _KSQL)),
    Checkpoint(6, "deploy", (_PAYMENTS, _USERS, _KSQL, _MODEL)),
    Checkpoint(7, "monitor", (_PAYMENTS, _USERS, _KSQL, _MODEL, _SCORES)),
    Checkpoint(8, "capstone", (_PAYMENTS, _USERS, _KSQL, _MODEL, _SCORES)),
)


def find(number: str) -> Checkpoint:
    """The checkpoint that ``4``, ``04`` or ``04-prepare`` names. Raises ``NoSuchCheckpointError``."""
    for one in CHECKPOINTS:
        if number in (one.title, one.name) or number.zfill(2) == one.title[:2]:
            return one
    here = ", ".join(one.title for one in CHECKPOINTS)
    raise NoSuchCheckpointError(f"There is no stage {number}.", hint=f"The stages: {here}")


@dataclass(frozen=True)
class Material:
    """What a checkpoint is made of: ``rows`` payments of ``source``; the model goes to ``bundle``, logs to ``work``."""

    source: Source
    rows: int
    bundle: Path
    work: Path


def reach(connection: Connection, checkpoint: Checkpoint, material: Material, watcher: Watcher) -> None:
    """Bring the platform there, from whatever state it is in. Safe to repeat, also after Ctrl-C."""
    clock = Clock(watcher)
    with clock.stage("clean up", "removing what is there") as stage:
        removed = remove_readers(connection)
        clear(connection)
        stage.result = "topics, streams and tables of the pipeline removed"
        if removed:
            stage.result += f", and what was made from them: {', '.join(removed)}"
    holds = checkpoint.holds
    if _PAYMENTS in holds:
        with clock.stage("ingest", "sending payments") as stage:
            report = steps.ingest(connection, material.source, material.rows, stage)
            if _USERS in holds:
                preprocess.produce_users(connection, report.users)
    if _KSQL in holds:
        with clock.stage("preprocess", "sending the KSQL statements") as stage:
            steps.preprocess_payments(connection, stage)
    if checkpoint.has_model:
        with clock.stage("prepare", "reading the preprocessed payments") as stage:
            split = steps.prepare(connection, stage)
        with clock.stage("train", "fitting the scaler") as stage:
            # One autoencoder, as in the chapter on deployment: the model is not the subject from there on.
            steps.fit(split, TrainSettings(members=1), material.bundle, stage)
    if _SCORES in holds:
        with (
            clock.stage("deploy", "starting the scorer") as stage,
            steps.scoring(connection, material.bundle, material.work / "scorer.log", stage),
        ):
            pass
