"""Items, points, and what counts as equal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from confluent_kafka import KafkaError, KafkaException

from workshop.checks import Status, Task, place


class _EqualToAll:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1, True),
        (True, 1),
        (9.5, "9.5"),
        (None, float("nan")),
        ("a", b"a"),
        (1, _EqualToAll()),
        ([1], np.array([1])),
        ({"a": 1}, {"a": 1, "b": 2}),
        (np.array([1.0]), np.array([1.0], dtype=object)),
        (np.zeros((1, 2)), np.zeros(2)),
        (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"b": [2], "a": [1]})),
    ],
)
def test_other_values_are_told_apart(expected: Any, actual: Any) -> None:
    task = Task("t1", points=1)
    task.equal("same", lambda: actual, expected, "look again")
    assert task.report.items[0].status is Status.INCORRECT
    assert task.report.items[0].message == "look again"


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (0.3, 0.1 + 0.2),
        (3, np.int64(3)),
        ([1, 2], (1, 2)),
        (float("nan"), float("nan")),
        ({"a": [1.0]}, {"a": [1]}),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}, index=[5, 6])),
    ],
)
def test_the_same_value_in_another_form_is_equal(expected: Any, actual: Any) -> None:
    task = Task("t1", points=1)
    task.equal("same", lambda: actual, expected, "look again")
    assert task.report.status is Status.CORRECT


def test_one_failure_does_not_hide_the_others_and_points_are_shared_by_weight() -> None:
    task = Task("t1", points=4)
    task.equal("fails", lambda: 1 / 0, 1, "no", weight=3)
    task.that("passes", lambda: True, "no")
    task.hidden(True)
    task.raises("raises", lambda: int("x"), "Exception", "no")
    assert [item.passed for item in task.report.items] == [False, True, True]
    assert task.report.items[0].detail.startswith("ZeroDivisionError")
    assert task.report.score == 1.6
    assert task.report.items[2].hidden


def test_only_true_is_true() -> None:
    task = Task("t1", points=1)
    task.that("one", lambda: 1, "no")  # type: ignore[arg-type, return-value]
    task.that("object", _EqualToAll, "no")
    task.that("text", lambda: "yes", "no")
    assert not any(item.passed for item in task.report.items)


def test_a_stub_is_not_attempted_and_no_item_earns_nothing() -> None:
    def stub() -> None:
        raise NotImplementedError

    task = Task("t1", points=4)
    assert task.report.score == 0
    task.equal("stub", stub, 1, "no")
    task.raises("stub raises", stub, "ValueError", "no")
    assert task.report.status is Status.NOT_ATTEMPTED


def test_what_was_raised_once_is_raised_for_every_item() -> None:
    calls: list[int] = []

    def broken() -> int:
        calls.append(1)
        raise ValueError("broken")

    task = Task("t1", points=1)
    result = task.once(broken)
    task.equal("a", result, 1, "no")
    task.raises("b", result, "ValueError", "no")
    assert [item.passed for item in task.report.items] == [False, True]
    assert len(calls) == 1


def test_without_a_stack_only_the_items_that_need_kafka_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    with place.using(place.LocalPlace()):
        task = Task("t1", points=2)
        kafka = task.kafka()
        task.equal("needs no Kafka", lambda: 1 + 1, 2, "…")
        task.that("needs Kafka", lambda: bool(kafka.kafka()), "…")
        task.that("reads an address", lambda: bool(kafka.bootstrap_servers), "…")
    passed, *failed = task.report.items
    assert passed.passed
    for item in failed:
        assert not item.passed
        assert "workshop up" in item.message


@pytest.mark.parametrize(
    ("code", "advice"),
    [(KafkaError._TRANSPORT, "workshop up"), (KafkaError._STATE, "init_transactions once"), (KafkaError._FATAL, "")],
)
def test_an_error_of_kafka_comes_with_advice_that_fits_it(code: int, advice: str) -> None:
    def call() -> bool:
        raise KafkaException(KafkaError(code))

    task = Task("t1", points=1)
    task.that("calls Kafka", call, "Look again.")
    [item] = task.report.items
    assert item.message.startswith("Look again.")
    assert advice in item.message
    assert ("workshop up" in item.message) is (advice == "workshop up")


def test_where_false_came_only_the_message_speaks() -> None:
    task = Task("t1", points=1)
    task.that("is true", lambda: False, "Look again.")
    task.that("is true", lambda: 1, "Look again.")
    false, one = task.report.items
    assert (false.passed, false.message, false.detail) == (False, "Look again.", "")
    assert (one.passed, one.detail) == (False, "expected True, came a int")
