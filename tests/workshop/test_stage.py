"""``workshop stage``: the platform as a chapter needs it, from whatever state it is in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.snapshot import read_to_end
from fraud_pipeline.train.bundle import load_bundle
from tests.workshop.conftest import Workshop
from workshop import backups, checkpoints
from workshop.checkpoints import NoSuchCheckpointError

ROWS = 5_000


def _records(connection: Connection, topic: str) -> int:
    return sum(len(batch) for batch in read_to_end(connection, topic))


def test_each_stage_holds_what_the_one_before_it_leaves() -> None:
    for earlier, later in zip(checkpoints.CHECKPOINTS[1:], checkpoints.CHECKPOINTS[2:], strict=False):
        assert later.holds[: len(earlier.holds)] == earlier.holds


@pytest.mark.parametrize("number", ["4", "04", "04-prepare", "prepare"])
def test_a_stage_is_found_as_people_write_it(number: str) -> None:
    assert checkpoints.find(number).title == "04-prepare"


@pytest.mark.parametrize("number", ["0", "9", "", "four", "04-train"])
def test_another_number_is_refused(number: str) -> None:
    with pytest.raises(NoSuchCheckpointError):
        checkpoints.find(number)


def test_a_copy_is_made_only_of_what_has_changed(tmp_path: Path) -> None:
    work, kept = tmp_path / "04-prepare", tmp_path / "backups"
    assert backups.keep(work, kept) is None
    work.mkdir()
    (work / "a.ipynb").write_text("one")
    first, again = backups.keep(work, kept), backups.keep(work, kept)
    (work / "a.ipynb").write_text("two")
    second = backups.keep(work, kept, datetime(2999, 1, 1))

    assert first is not None
    assert again is not None
    assert second is not None
    assert (first.fresh, again.fresh, second.fresh) == (True, False, True)
    assert again.copy == first.copy
    assert (first.copy / "a.ipynb").read_text() == "one"
    assert (second.copy / "a.ipynb").read_text() == "two"


@pytest.mark.slow
def test_any_stage_can_follow_any_other(attached: Workshop, platform: Connection, tmp_path: Path) -> None:
    notebook = tmp_path / "exercises" / "07-monitor" / "07-monitor.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("mine")
    preprocess.remove(platform)

    done = attached("stage", "7", "--rows", str(ROWS), "--json")

    assert done.returncode == 0, done.stderr
    (copied,) = json.loads(done.stdout)["backups"]
    assert (Path(copied["copy"]) / notebook.name).read_text() == "mine" == notebook.read_text()
    assert _records(platform, topics.SOURCE) == ROWS
    assert _records(platform, topics.SCORES) == _records(platform, topics.PREPROCESSED) > 0
    assert load_bundle(tmp_path / "home" / "bundle").version

    preprocess.execute(
        platform, f"CREATE STREAM mine WITH (PARTITIONS = 1) AS SELECT * FROM {topics.PREPROCESSED} EMIT CHANGES;"
    )
    done = attached("stage", "02", "--rows", str(ROWS))

    assert done.returncode == 0, done.stderr
    assert "MINE" in done.stderr
    assert "workshop stage 02 --empty" in done.stdout
    left = {stream["name"] for stream in preprocess.execute(platform, "SHOW STREAMS;")[0]["streams"]}
    assert left.isdisjoint({"MINE", topics.SOURCE.upper(), topics.PREPROCESSED.upper()})
    assert _records(platform, topics.SOURCE) == ROWS

    done = attached("stage", "02", "--empty")

    assert done.returncode == 0, done.stderr
    assert topics.SOURCE not in attached("topics").stdout


def test_a_stage_that_does_not_exist_is_told_with_those_that_do(workshop: Workshop) -> None:
    done = workshop("stage", "9")

    assert done.returncode == 1
    assert "08-capstone" in done.stderr
