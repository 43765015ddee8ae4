"""Aggregation over all time, in windows and in sessions, through the language."""

from __future__ import annotations

from pocket_ksql.formats.windowed import split_window
from pocket_ksql.records import Produced
from pocket_ksql.source import KeyWindow, WindowKind
from tests.pocket_ksql.worlds import make_engine, record, shown, start, through

PAYMENTS = "CREATE STREAM p (u STRING KEY, a DOUBLE) WITH (kafka_topic='p', value_format='JSON');"


def payments(*rows: tuple[str, float | None, int]) -> list[tuple[str, object]]:
    return [("p", record(user, {"A": amount}, time)) for user, amount, time in rows]  # type: ignore[misc]


def windows(produced: list[Produced], kind: WindowKind, size: int | None = None) -> list[tuple[int, int, object]]:
    values = [value for _, value, _ in shown([one._replace(key=None) for one in produced])]
    found = [split_window(one.key or b"", KeyWindow(kind, size)) for one in produced]
    return [(begin, end, value and value["N"]) for (_, begin, end), value in zip(found, values, strict=True)]


def test_every_row_changes_its_group() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n, SUM(a) AS s, AVG(a) AS m, MAX(a) AS x FROM p GROUP BY u;",
    )
    rows = payments(("Hans", 1.0, 5), ("Anna", 2.0, 6), ("Hans", 3.0, 4))
    assert shown(through(query, rows)) == [  # type: ignore[arg-type]
        ("Hans", {"N": 1, "S": 1.0, "M": 1.0, "X": 1.0}, 5),
        ("Anna", {"N": 1, "S": 2.0, "M": 2.0, "X": 2.0}, 6),
        ("Hans", {"N": 2, "S": 4.0, "M": 2.0, "X": 3.0}, 5),
    ]


def test_nan_is_the_largest_number_as_in_java() -> None:
    query = start(
        make_engine(),
        PAYMENTS + "CREATE TABLE t AS SELECT u, MAX(SQRT(a)) AS x, MIN(SQRT(a)) AS n, TOPK(SQRT(a), 2) AS k FROM p"
        " GROUP BY u;",
    )
    rows = payments(("Hans", -1.0, 1), ("Hans", 9.0, 2), ("Hans", 4.0, 3))
    *_, (_, last, _) = shown(through(query, rows))  # type: ignore[arg-type]
    assert last == {"X": "NaN", "N": 2.0, "K": ["NaN", 3.0]}


def test_an_aggregate_of_a_star_or_of_nothing_is_one_of_the_rows_times() -> None:
    query = start(
        make_engine(),
        PAYMENTS + "CREATE TABLE t AS SELECT u, MAX(*) AS x, AVG() AS m, COLLECT_LIST(*) AS l, COUNT(*) AS n FROM p"
        " GROUP BY u;",
    )
    *_, (_, last, _) = shown(through(query, payments(("Hans", 1.0, 5), ("Hans", 1.0, 9))))  # type: ignore[arg-type]
    assert last == {"X": 9, "M": 7.0, "L": [5, 9], "N": 2}


def test_a_null_group_is_left_out() -> None:
    query = start(make_engine(), PAYMENTS + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p GROUP BY u;")
    assert through(query, [("p", record(None, {"A": 1.0}))]) == []


def test_tumbling_windows_take_late_rows_until_grace_has_passed() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 5 SECONDS)"
        + " GROUP BY u;",
    )
    rows = payments(("h", 1, 1_000), ("h", 1, 12_000), ("h", 1, 9_999), ("h", 1, 15_000), ("h", 1, 9_999))
    produced = through(query, rows)  # type: ignore[arg-type]
    assert windows(produced, WindowKind.TUMBLING, 10_000) == [
        (0, 10_000, 1),
        (10_000, 20_000, 1),
        (0, 10_000, 2),
        (10_000, 20_000, 2),
    ]


def test_hopping_windows_overlap() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 5 SECONDS)"
        + " GROUP BY u;",
    )
    produced = through(query, payments(("h", 1, 7_000)))  # type: ignore[arg-type]
    assert windows(produced, WindowKind.HOPPING, 10_000) == [(0, 10_000, 1), (5_000, 15_000, 1)]


def test_sessions_merge_when_a_row_closes_the_gap() -> None:
    query = start(
        make_engine(),
        PAYMENTS + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW SESSION (10 SECONDS) GROUP BY u;",
    )
    produced = through(query, payments(("h", 1, 0), ("h", 1, 15_000), ("h", 1, 8_000)))  # type: ignore[arg-type]
    assert windows(produced, WindowKind.SESSION) == [
        (0, 0, 1),
        (15_000, 15_000, 1),
        (0, 0, None),
        (15_000, 15_000, None),
        (0, 15_000, 3),
    ]


def test_a_session_is_taken_back_by_every_row_that_joins_it_even_within_its_bounds() -> None:
    query = start(
        make_engine(),
        PAYMENTS + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW SESSION (10 SECONDS) GROUP BY u;",
    )
    produced = through(query, payments(("h", 1, 0), ("h", 1, 5_000), ("h", 1, 2_000)))  # type: ignore[arg-type]
    assert windows(produced, WindowKind.SESSION) == [
        (0, 0, 1),
        (0, 0, None),
        (0, 5_000, 2),
        (0, 5_000, None),
        (0, 5_000, 3),
    ]


def test_windows_that_close_together_come_in_the_order_of_their_keys() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 0 SECONDS)"
        + " GROUP BY u EMIT FINAL;",
    )
    rows = payments(("c", 1, 1_000), ("a", 1, 2_000), ("b", 1, 3_000), ("z", 1, 15_000))  # type: ignore[arg-type]
    assert [(one.key or b"")[:1] for one in through(query, rows)] == [b"a", b"b", b"c"]


def test_emit_final_waits_for_the_window_to_close() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 0 SECONDS)"
        + " GROUP BY u EMIT FINAL;",
    )
    task = query.open()
    early = [record("h", {"A": 1.0}, 1_000), record("h", {"A": 1.0}, 2_000)]
    assert task.process("p", early) == []
    assert windows(task.process("p", [record("h", {"A": 1.0}, 10_000)]), WindowKind.TUMBLING, 10_000) == [
        (0, 10_000, 2)
    ]
    assert windows(task.flush(), WindowKind.TUMBLING, 10_000) == [(10_000, 20_000, 1)]


def test_emit_final_finds_the_window_before_wherever_in_the_next_one_a_row_comes() -> None:
    query = start(
        make_engine(),
        PAYMENTS
        + "CREATE TABLE t AS SELECT u, COUNT(*) AS n FROM p WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 0 SECONDS)"
        + " GROUP BY u EMIT FINAL;",
    )
    produced = through(query, payments(("h", 1, 4_000), ("h", 1, 15_000)))  # type: ignore[arg-type]
    assert windows(produced, WindowKind.TUMBLING, 10_000) == [(0, 10_000, 1)]


def test_aggregating_a_table_takes_the_old_row_out() -> None:
    sql = (
        "CREATE TABLE users (id STRING PRIMARY KEY, region STRING) WITH (kafka_topic='users', value_format='JSON');"
        "CREATE TABLE t AS SELECT region, COUNT(*) AS n FROM users GROUP BY region;"
    )
    query = start(make_engine(), sql)
    rows = [
        ("users", record("Hans", {"REGION": "North"})),
        ("users", record("Hans", {"REGION": "South"})),
        ("users", record("Hans", None)),
    ]
    assert [(key, value and value["N"]) for key, value, _ in shown(through(query, rows))] == [
        ("North", 1),
        ("North", 0),
        ("South", 1),
        ("South", 0),
    ]


def test_state_comes_back_from_the_changelog() -> None:
    query = start(make_engine(), PAYMENTS + "CREATE TABLE t AS SELECT u, SUM(a) AS n FROM p GROUP BY u;")
    before, after = query.open(), query.open()
    before.process("p", [record("h", {"A": 1.5})])
    for change in before.drain_changes():
        after.restore(change)
    assert shown(after.process("p", [record("h", {"A": 2.0})])) == [("h", {"N": 3.5}, 0)]


def test_a_histogram_counts_a_thousand_distinct_values() -> None:
    query = start(
        make_engine(),
        "CREATE STREAM w (k STRING KEY, v STRING) WITH (kafka_topic='w', value_format='JSON');"
        "CREATE TABLE t AS SELECT k, HISTOGRAM(v) AS h FROM w GROUP BY k;",
    )
    rows = [("w", record("a", {"V": str(number)})) for number in (*range(1001), 0)]
    (*_, (_, last, _)) = shown(through(query, rows))
    assert len(last["H"]) == 1000
    assert last["H"]["0"] == 2


def test_sums_stay_in_their_type() -> None:
    query = start(
        make_engine(),
        "CREATE STREAM w (k STRING KEY, i INT, l BIGINT, x ARRAY<INT>) WITH (kafka_topic='w', value_format='JSON');"
        "CREATE TABLE t AS SELECT k, SUM(i) AS i, SUM(l) AS l, SUM_LIST(x) AS x FROM w GROUP BY k;",
    )
    largest = {"I": 2**31 - 1, "L": 2**63 - 1, "X": [2**31 - 1]}
    smallest = {"I": -(2**31 - 1), "L": -(2**63 - 1), "X": [-(2**31 - 1)]}
    produced = shown(through(query, [("w", record("a", row)) for row in (largest, largest, smallest)]))
    assert [tuple(value.values()) for _, value, _ in produced] == [
        (2**31 - 1, 2**63 - 1, 2**31 - 1),
        (-2, -2, -2),
        (2**31 - 1, 2**63 - 1, 2**31 - 1),
    ]


def test_the_largest_text_is_that_of_java_which_compares_utf_16_units() -> None:
    query = start(
        make_engine(),
        "CREATE STREAM s (u STRING KEY, a STRING) WITH (kafka_topic='s', value_format='JSON');"
        "CREATE TABLE t AS SELECT u, MIN(a) AS i, MAX(a) AS x, TOPK(a, 2) AS k FROM s GROUP BY u;",
    )
    emoji, behind = "\U0001f600", "\uff5e"
    *_, (_, last, _) = shown(through(query, [("s", record("u", {"A": text})) for text in (behind, "a", emoji)]))
    assert last == {"I": "a", "X": behind, "K": [behind, emoji]}
