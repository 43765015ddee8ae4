"""Stream with stream within a span of time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pocket_ksql.worlds import make_engine, record, shown, start, through

STREAMS = """
CREATE STREAM l (id STRING KEY, x INT) WITH (kafka_topic='l', value_format='JSON');
CREATE STREAM r (id STRING KEY, y INT) WITH (kafka_topic='r', value_format='JSON');
"""


def joined(kind: str, within: str, *records: tuple[str, str | None, int, int]) -> list[tuple[Any, ...]]:
    """Pairs that come out; a record is topic, key, value, time."""
    key = "ROWKEY" if kind == "FULL" else "l.id"
    sql = STREAMS + f"CREATE STREAM j AS SELECT {key} AS id, x, y FROM l {kind} JOIN r WITHIN {within} ON l.id = r.id;"
    rows = [(topic, record(key, {"X" if topic == "l" else "Y": value}, time)) for topic, key, value, time in records]
    produced = shown(through(start(make_engine(), sql), rows))
    return [(key, value["X"], value["Y"], time) for key, value, time in produced]


def test_rows_of_equal_key_meet_within_the_span_whichever_comes_first() -> None:
    rows = [
        ("l", "a", 1, 0),
        ("r", "a", 2, 10_000),
        ("r", "a", 3, 10_001),
        ("l", "a", 4, 20_000),
        ("l", "b", 5, 10_000),
    ]
    assert joined("INNER", "10 SECONDS", *rows) == [("a", 1, 2, 10_000), ("a", 4, 2, 20_000), ("a", 4, 3, 20_000)]


def test_an_unmatched_left_row_comes_at_once_without_grace() -> None:
    assert joined("LEFT", "10 SECONDS", ("l", "a", 1, 0), ("r", "a", 2, 5)) == [("a", 1, None, 0), ("a", 1, 2, 5)]


def test_an_unmatched_left_row_waits_for_its_window_to_close_with_grace() -> None:
    rows = [("l", "a", 1, 0), ("l", "b", 2, 10), ("r", "a", 3, 20), ("l", "c", 4, 30_000)]
    assert joined("LEFT", "10 SECONDS GRACE PERIOD 1 SECOND", *rows) == [("a", 1, 3, 20), ("b", 2, None, 10)]


def test_a_row_that_is_too_late_is_dropped() -> None:
    rows = [("l", "a", 1, 0), ("l", "z", 2, 60_000), ("r", "a", 3, 0)]
    assert joined("INNER", "10 SECONDS GRACE PERIOD 1 SECOND", *rows) == []


NULL_KEYS = [("l", None, 1, 0), ("r", None, 2, 0), ("l", "a", 3, 0), ("r", "a", 4, 0)]


@pytest.mark.parametrize("grace", ["", " GRACE PERIOD 1 SECOND"])
@pytest.mark.parametrize(
    ("kind", "alone"),
    [("INNER", []), ("LEFT", [(None, 1, None, 0)]), ("RIGHT", [(None, None, 2, 0)]),
     ("FULL", [(None, 1, None, 0), (None, None, 2, 0)])],
)  # fmt: skip
def test_a_row_without_a_key_meets_nobody_and_comes_alone_from_an_outer_side(
    kind: str, alone: list[Any], grace: str
) -> None:
    got = joined(kind, "10 SECONDS" + grace, *NULL_KEYS)
    assert [row for row in got if row[0] is None] == alone
    assert ("a", 3, 4, 0) in got


def test_a_late_row_meets_what_the_other_side_still_holds() -> None:
    rows = [("r", "c", 6, 13_814), ("l", "a", 7, 15_399), ("l", "c", 8, 18_232), ("r", "a", 14, 27_276),
            ("r", "c", 15, 18_996)]  # fmt: skip
    assert joined("INNER", "5 SECONDS GRACE PERIOD 0 SECONDS", *rows) == [("c", 8, 6, 18_232), ("c", 8, 15, 18_996)]


def test_a_row_that_could_only_meet_what_has_passed_does_not_wait() -> None:
    rows = [("l", "a", 1, 9_000), ("l", "b", 2, 5_000)]
    within = "(5 SECONDS, 2 SECONDS) GRACE PERIOD 10 SECONDS"
    assert joined("LEFT", within, *rows) == [("b", 2, None, 5_000)]


@pytest.mark.parametrize("grace", ["GRACE PERIOD 1 SECOND", "GRACE PERIOD 60 SECONDS"])
@pytest.mark.parametrize("topic", ["l", "r"])
def test_time_passes_with_a_record_without_a_value_too(topic: str, grace: str) -> None:
    sql = STREAMS + f"CREATE STREAM j AS SELECT l.id, x, y FROM l LEFT JOIN r WITHIN 10 SECONDS {grace} ON l.id = r.id;"
    rows = [(topic, record("b", None, 30_000)), ("l", record("a", {"X": 1}, 0))]
    assert shown(through(start(make_engine(), sql), rows)) == [("a", {"X": 1, "Y": None}, 0)]


def test_rows_of_both_outer_sides_are_let_go_as_kafka_streams_lets_them_go() -> None:
    rows = [("r", "a", 0, 2_429), ("l", "a", 2, 7_765), ("l", "c", 4, 11_234), ("l", "c", 6, 14_539),
            ("r", "b", 9, 18_800), ("l", "c", 10, 20_254), ("r", "c", 12, 22_409), ("l", "a", 14, 26_877)]  # fmt: skip
    assert joined("FULL", "(5 SECONDS, 2 SECONDS) GRACE PERIOD 10 SECONDS", *rows) == [
        ("a", None, 0, 2_429),
        ("a", 2, None, 7_765),
        ("c", 4, None, 11_234),
        ("c", 6, None, 14_539),
    ]
