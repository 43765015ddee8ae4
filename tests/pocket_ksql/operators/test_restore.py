"""A query that is stopped anywhere and goes on from its changelog gives what it would have given without the stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql.queries import PersistentQuery, Task
from pocket_ksql.records import Change, Produced, Record
from tests.pocket_ksql.worlds import make_engine, record
from tests.pocket_ksql.worlds import start as start_query

PAYMENTS = "CREATE STREAM l (id STRING KEY, a INT) WITH (kafka_topic='l', value_format='JSON');"
STREAMS = PAYMENTS + "CREATE STREAM r (id STRING KEY, b INT) WITH (kafka_topic='r', value_format='JSON');"
TABLE = "CREATE TABLE r (id STRING PRIMARY KEY, b INT) WITH (kafka_topic='r', value_format='JSON');"
TABLES = TABLE + "CREATE TABLE l (id STRING PRIMARY KEY, a STRING) WITH (kafka_topic='l', value_format='JSON');"

COUNTED = "CREATE TABLE t AS SELECT id, COUNT(*) AS n, SUM(a) AS s FROM l WINDOW {} GROUP BY id{};"
PAIRED = "CREATE STREAM j AS SELECT {} AS id, a, b FROM l {} JOIN r WITHIN 10 SECONDS{} ON l.id = r.id;"
_SIDES = {"INNER": "l.id", "LEFT": "l.id", "RIGHT": "r.id"}

QUERIES = {
    "all time": PAYMENTS + "CREATE TABLE t AS SELECT id, AVG(a) AS m, COLLECT_LIST(a) AS c FROM l GROUP BY id;",
    **{
        f"{window.split()[0].lower()}{final.lower()}": PAYMENTS + COUNTED.format(window, final)
        for window in (
            "TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 5 SECONDS)",
            "HOPPING (SIZE 10 SECONDS, ADVANCE BY 4 SECONDS, GRACE PERIOD 5 SECONDS)",
            "SESSION (4 SECONDS, GRACE PERIOD 5 SECONDS)",
        )
        for final in ("", " EMIT FINAL")
    },
    **{
        f"{kind.lower()} join{grace.lower()}": STREAMS + PAIRED.format(of, kind, grace)
        for kind, of in _SIDES.items()
        for grace in ("", " GRACE PERIOD 3 SECONDS")
    },
    "outer join": STREAMS
    + "CREATE STREAM j AS SELECT ROWKEY AS id, a, b FROM l FULL OUTER JOIN r"
    + " WITHIN (4 SECONDS, 9 SECONDS) GRACE PERIOD 3 SECONDS ON l.id = r.id;",
    "stream with table": PAYMENTS
    + TABLE
    + "CREATE STREAM j AS SELECT l.id AS id, a, b FROM l LEFT JOIN r ON l.id = r.id;",
    "table with table": TABLES + "CREATE TABLE j AS SELECT ROWKEY AS id, a, b FROM l FULL OUTER JOIN r ON l.id = r.id;",
    "foreign key": TABLES + "CREATE TABLE j AS SELECT l.id AS id, a, b FROM l LEFT JOIN r ON l.a = r.id;",
    "aggregated table": TABLES + "CREATE TABLE t AS SELECT a, COUNT(*) AS n FROM l GROUP BY a;",
}
_TEXT_IN_LEFT = frozenset({"table with table", "foreign key", "aggregated table"})

Sent = tuple[str, Record]


def records(*, text: bool, deletions: bool) -> st.SearchStrategy[list[Sent]]:
    """Records of the topics ``l`` and ``r``: few keys, times that often go back."""

    def build(topic: str, key: str, value: int, time: int) -> Sent:
        column = "A" if topic == "l" else "B"
        content: Any = {column: "xyz"[value % 3] if text and topic == "l" else value}
        return topic, record(key, None if deletions and value == 0 else content, time)

    return st.lists(
        st.builds(
            build, st.sampled_from("lr"), st.sampled_from("xyz"), st.integers(0, 5), st.integers(0, 40).map(_seconds)
        ),
        max_size=30,
    )


def _seconds(number: int) -> int:
    return number * 1_000


def run(query: PersistentQuery, sent: Sequence[Sent], cuts: Sequence[int], commits: Sequence[int]) -> list[Produced]:
    """All that comes out, when the query is stopped before each record in ``cuts``."""
    task = query.open()
    changes: list[Change] = []
    produced: list[Produced] = []
    for number, (topic, one) in enumerate(sent):
        if number in cuts or number in commits:
            changes += task.drain_changes()
        if number in cuts:
            changes = compacted(changes)
            task = reopened(query, changes)
        produced += task.process(topic, [one])
    return produced + task.flush()


def compacted(changes: Sequence[Change]) -> list[Change]:
    """What a compacted topic keeps: the last change of every key, where it stands."""
    last = {(change.store, change.key): number for number, change in enumerate(changes)}
    return [change for number, change in enumerate(changes) if last[change.store, change.key] == number]


def reopened(query: PersistentQuery, changes: Sequence[Change]) -> Task:
    """A new task with the state of ``changes``, one store after another, as from changelog topics."""
    task = query.open()
    for change in sorted(changes, key=lambda one: one.store):
        task.restore(change)
    return task


@pytest.mark.parametrize("name", QUERIES)
def test_a_stop_changes_nothing_that_comes_out(name: str) -> None:
    query = start_query(make_engine(), QUERIES[name])
    tables = name in _TEXT_IN_LEFT or name == "stream with table"
    places = st.lists(st.integers(0, 29), max_size=3)

    @given(records(text=name in _TEXT_IN_LEFT, deletions=tables), places, places)
    def compare(sent: list[Sent], cuts: list[int], commits: list[int]) -> None:
        assert run(query, sent, cuts, commits) == run(query, sent, [], [])

    compare()


def test_rows_of_a_join_that_have_expired_do_not_come_back() -> None:
    query = start_query(make_engine(), QUERIES["inner join grace period 3 seconds"])
    task = query.open()
    for number in range(2_048):
        task.process("l", [record("x", {"A": number}, number * 1_000)])
    changes = compacted(task.drain_changes())
    kept = [change for change in changes if change.value is not None]
    # One row a second: for the 23 seconds that can be met, for the 60 until the next look, and what is kept of time.
    assert len(kept) <= 23 + 60 + 3
    again = reopened(query, changes)
    assert len(again.process("r", [record("x", {"B": 1}, 2_047_000)])) == 11


@pytest.mark.parametrize("window", ["TUMBLING (SIZE 10 SECONDS)", "SESSION (4 SECONDS)"])
@pytest.mark.parametrize("final", ["", " EMIT FINAL"])
def test_windows_that_nobody_can_reach_are_forgotten(window: str, final: str) -> None:
    day = 86_400_000
    query = start_query(make_engine(), PAYMENTS + COUNTED.format(window, final))
    task = query.open()
    changes: list[Change] = []
    for number in range(300):  # a key of its own every three hours, for 37 days
        task.process("l", [record(f"user{number}", {"A": number}, number * day // 8)])
        changes = compacted([*changes, *task.drain_changes()])
    kept = {name: sum(one.value is not None for one in changes if one.store == name) for name in _stores(changes)}
    # Seven days stay readable, and half as much again passes before the next look.
    assert all(1 <= count <= 8 * 11 for count in kept.values()), kept
    again = reopened(query, changes)
    late = record("user0", {"A": 1}, 0)
    assert again.process("l", [late]) == []
    assert again.flush() == task.flush()


def _stores(changes: Sequence[Change]) -> set[str]:
    return {change.store for change in changes}
