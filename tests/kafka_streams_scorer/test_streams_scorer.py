"""The Kafka Streams application on a real broker: the Python scorer's scores, and each once whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions, run_scorer
from fraud_pipeline.kafka import ensure_topics, headers_as_text
from fraud_pipeline.monitor.lag import consumer_lag
from fraud_pipeline.registry import schemas_of
from fraud_pipeline.train.bundle import Bundle, save_bundle
from tests.fraud_pipeline.deploy.bundles import made_up_bundle
from tests.fraud_pipeline.deploy.support import FEATURES, encode, payment, payments, produce, read_committed
from workshop import places
from workshop.stack import jars, state
from workshop.stack.processes import Handle, tail
from workshop.stack.state import StackState
from workshop.streams_scorer import PROJECT, streams_scorer

BAD = {
    b"nothing": None,
    b"text": b"{}",
    b"short": encode(payment(1))[:-9],
    b"unknown": b"\0\0\0\0\x63rest",
    b"null": encode(payment(2, V2=None)),
    b"infinite": encode(payment(3, V3=float("inf"))),
}
"""Values that cannot be scored, under keys that tell them apart."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return made_up_bundle(np.random.default_rng(3), FEATURES, members=2)


@contextmanager
def running(connection: Connection, bundle: Bundle, options: ScorerOptions, home: Path) -> Iterator[Handle]:
    """The application, on the topics that ``options`` name."""
    arguments = (
        *("--source", options.source, "--scores", options.scores, "--alerts", options.alerts),
        *("--application-id", options.group),
    )
    folder = save_bundle(bundle, home / "bundle")
    with streams_scorer(connection, folder, home, places.cache(), home / "scorer.log", arguments) as handle:
        yield handle


def wait_until_committed(connection: Connection, options: ScorerOptions, count: int, handle: Handle, log: Path) -> None:
    """Return when the group has committed ``count`` payments."""

    def settled() -> bool:
        assert handle.is_running, tail(log, 30)
        return sum(place.committed for place in consumer_lag(connection, options.group)) >= count

    Retrying(wait=wait_fixed(0.1), stop=stop_after_delay(120), retry=retry_if_result(lambda done: not done))(settled)


def scores_of(connection: Connection, topic: str) -> dict[int, dict[str, Any]]:
    """The scores of a topic by the payment's id, each of which must be there once, without the time of scoring."""
    rows = [json.loads(message.value()) for message in read_committed(connection, topic)]
    assert max(Counter(row["id"] for row in rows).values(), default=1) == 1
    return {row["id"]: {name: value for name, value in row.items() if name != "scored_at"} for row in rows}


def test_both_scorers_agree_on_scores_alerts_and_reasons(connection, options, bundle, tmp_path) -> None:
    produce(connection, options.source, payments(500))
    produce(connection, options.source, iter(BAD.items()))
    python = ScorerOptions(
        options.source, f"{options.scores}-py", f"{options.alerts}-py", f"{options.group}-py", stop_at_end=True
    )
    ensure_topics(connection, dict.fromkeys((python.scores, python.alerts, python.dead_letters), topics.PARTITIONS))
    run_scorer(connection, bundle, schemas_of(connection.registry_url), python, lambda: False, lambda batch: None)
    assert {letter.key() for letter in read_committed(connection, options.dead_letters)} == BAD.keys()

    with running(connection, bundle, options, tmp_path) as handle:
        wait_until_committed(connection, options, 500 + len(BAD), handle, tmp_path / "scorer.log")

    expected, found = scores_of(connection, python.scores), scores_of(connection, options.scores)
    assert len(expected) == 500
    assert [found[id] for id in sorted(found)] == [
        row | {"score": pytest.approx(row["score"], rel=1e-9)} for _, row in sorted(expected.items())
    ]
    assert scores_of(connection, options.alerts).keys() == scores_of(connection, python.alerts).keys() != set()
    # Both write to the source's dead-letter topic: every bad record is there twice, for the same reason.
    letters = list(read_committed(connection, options.dead_letters))
    assert Counter(letter.key() for letter in letters) == dict.fromkeys(BAD, 2)
    by_python, by_java = (
        {letter.key(): _without_kind(headers_as_text(letter)) for letter in part}
        for part in (letters_in_order(letters, 0), letters_in_order(letters, 1))
    )
    assert by_python == by_java


def letters_in_order(letters: Sequence[Any], which: int) -> Iterator[Any]:
    """For each key the first (0) or the second (1) of its letters."""
    seen: Counter[bytes] = Counter()
    for letter in letters:
        if seen[letter.key()] == which:
            yield letter
        seen[letter.key()] += 1


def _without_kind(headers: dict[str, str]) -> dict[str, str]:
    """What went wrong inside a damaged body has another name in each language; it stands in brackets."""
    return headers | {"dlq.reason": headers["dlq.reason"].partition(" (")[0]}


@pytest.mark.slow
def test_a_killed_application_neither_loses_nor_repeats(connection, options, bundle, tmp_path) -> None:
    count, log = 30_000, tmp_path / "scorer.log"
    produce(connection, options.source, payments(count))
    with running(connection, bundle, options, tmp_path) as handle:
        wait_until_committed(connection, options, 1, handle, log)
        process = handle.process()
        assert process is not None
        process.kill()
        process.wait(60)
    with running(connection, bundle, options, tmp_path) as handle:
        wait_until_committed(connection, options, count, handle, log)
    assert scores_of(connection, options.scores).keys() == set(range(count))


def test_a_registry_that_is_away_ends_the_application_with_the_reason(connection, options, bundle, tmp_path) -> None:
    produce(connection, options.source, payments(1))
    with running(replace(connection, registry_url="http://127.0.0.1:9"), bundle, options, tmp_path) as handle:
        process = handle.process()
        assert process is not None
        assert process.wait(60) == 1
    assert "no Schema Registry at http://127.0.0.1:9" in (tmp_path / "scorer.log").read_text()


def test_the_command_passes_on_what_stands_after_the_dashes(connection, tmp_path) -> None:
    state.save(tmp_path, StackState("external", connection))
    command = [sys.executable, "-c", "from workshop.cli.main import main; main()", "streams-scorer"]
    done = subprocess.run(
        [*command, "--bundle", str(tmp_path), "--", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"WORKSHOP_HOME": str(tmp_path), "WORKSHOP_CACHE": str(places.cache())},
    )
    assert "exactly_once_v2" in done.stdout


def test_maven_and_the_lock_name_the_same_versions() -> None:
    lock = [*jars.locked_jars(), *jars.parse_lock((PROJECT / "jars.lock").read_text())]
    versions = {f"{jar.group}:{jar.artifact}": jar.version for jar in lock}
    pom = ElementTree.parse(PROJECT / "pom.xml")
    named = {
        f"{one.findtext('groupId')}:{one.findtext('artifactId')}": one.findtext("version")
        for one in pom.iterfind("dependencies/dependency")
    }
    assert named
    assert named == {name: versions[name] for name in named}
