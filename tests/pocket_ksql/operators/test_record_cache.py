"""The record cache: of several changes of a key the last goes on."""

from __future__ import annotations

from typing import Any

import pytest

from pocket_ksql.operators.record_cache import RecordCache
from tests.pocket_ksql.worlds import make_engine, record, shown, start

PAYMENTS = "CREATE STREAM p (u STRING KEY, a INT) WITH (kafka_topic='p', value_format='JSON');"
COUNTS = "CREATE TABLE t WITH (value_format='JSON') AS SELECT u, COUNT(*) AS n FROM p GROUP BY u"
ROWS = [record(user, {"A": 1}, time) for time, user in enumerate(("Hans", "Anna", "Hans", "Kai", "Hans"))]

Change = tuple[Any, ...]


def gathering(limit: int = 10_000) -> tuple[RecordCache, list[Change]]:
    went_on: list[Change] = []
    return RecordCache(lambda *change: went_on.append(change), limit), went_on


def test_the_last_change_of_a_key_goes_on_with_the_row_before_the_first() -> None:
    cache, went_on = gathering()
    cache.change(("a",), (2,), (1,), 10)
    cache.change(("b",), (7,), None, 11)
    cache.change(("a",), (3,), (2,), 12)
    assert went_on == []
    cache.release()
    cache.release()
    assert went_on == [(("b",), (7,), None, 11), (("a",), (3,), (1,), 12)]


def test_a_row_that_came_and_went_does_not_go_on_but_each_deletion_of_one_that_had_been_there() -> None:
    cache, went_on = gathering()
    cache.change(("new",), (1,), None, 1)
    cache.change(("new",), None, (1,), 2)
    cache.change(("old",), (2,), (1,), 3)
    cache.change(("old",), None, (2,), 4)
    cache.change(("unknown",), None, None, 5)
    cache.change(("unknown",), None, None, 6)
    cache.release()
    assert went_on == [(("old",), None, (1,), 4), (("unknown",), None, None, 6)]


def test_keys_may_hold_lists_and_maps() -> None:
    cache, went_on = gathering()
    cache.change(([1, 2], {"x": 1}), (1,), None, 1)
    cache.change(([1, 2], {"x": 1}), (2,), (1,), 2)
    cache.release()
    assert went_on == [(([1, 2], {"x": 1}), (2,), None, 2)]


def test_more_than_it_may_hold_goes_on_at_once() -> None:
    cache, went_on = gathering(limit=1_000)
    for number in range(100):
        cache.change((number,), ("x" * 50,), None, number)
    assert len(went_on) > 80
    cache.release()
    assert [key for (key,), *_ in went_on] == list(range(100))


def test_a_table_s_changes_are_gathered_until_they_are_released() -> None:
    task = start(make_engine(), PAYMENTS + COUNTS + ";").open(cache_bytes=10_000)
    assert task.process("p", ROWS) == []
    assert shown(task.release()) == [("Anna", {"N": 1}, 1), ("Kai", {"N": 1}, 3), ("Hans", {"N": 3}, 4)]
    assert task.release() == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE STREAM s AS SELECT * FROM p;",
        COUNTS.replace("GROUP BY", "WINDOW TUMBLING (SIZE 1 MILLISECONDS, GRACE PERIOD 0 SECONDS) GROUP BY")
        + " EMIT FINAL;",
    ],
)
def test_streams_and_final_results_are_not_gathered(sql: str) -> None:
    query = start(make_engine(), PAYMENTS + sql)
    at_once = query.open().process("p", ROWS)
    task = query.open(cache_bytes=10_000)
    assert len(at_once) > 3
    assert task.process("p", ROWS) == at_once
    assert task.release() == []


def test_a_limit_counts_the_rows_that_go_on() -> None:
    engine = make_engine()
    (define, select) = engine.prepare(PAYMENTS + "SELECT u, COUNT(*) FROM p GROUP BY u EMIT CHANGES LIMIT 2;")
    engine.execute(define, {})
    task = engine.push_query(select).open(cache_bytes=10_000)
    assert task.process("p", ROWS) == []
    assert not task.done
    assert task.release() == [["Anna", 1], ["Kai", 1]]
    assert task.done
