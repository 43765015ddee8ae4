"""Which push queries ksqlDB answers from a running query, and what they see."""

from __future__ import annotations

from typing import Any

import pytest

from pocket_ksql.queries import TransientQuery
from tests.pocket_ksql.worlds import make_engine, record, run

SOURCES = (
    "CREATE STREAM src (k STRING KEY, a INT) WITH (kafka_topic='src', value_format='JSON');"
    "CREATE STREAM copy AS SELECT * FROM src;"
    "CREATE STREAM keyless WITH (value_format='JSON') AS SELECT a FROM src PARTITION BY NULL;"
)
ENABLED = {"ksql.query.push.v2.enabled": True, "auto.offset.reset": "latest"}


def query(sql: str, properties: dict[str, Any], before: str = "") -> TransientQuery:
    engine = make_engine()
    run(engine, SOURCES + before)
    return engine.push_query(engine.prepare(sql)[0], properties)


def is_scalable(one: TransientQuery) -> bool:
    return one.id.startswith("SCALABLE_PUSH_QUERY")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM copy EMIT CHANGES;", True),
        ("SELECT a + 1, UCASE(k) FROM copy WHERE a > 1 EMIT CHANGES LIMIT 3;", True),
        ("SELECT * FROM src EMIT CHANGES;", False),
        ("SELECT a, COUNT(*) FROM copy GROUP BY a EMIT CHANGES;", False),
        ("SELECT * FROM copy PARTITION BY a EMIT CHANGES;", False),
        ("SELECT * FROM copy c JOIN src s WITHIN 1 DAY ON c.k = s.k EMIT CHANGES;", False),
        ("SELECT k, ROWOFFSET FROM copy EMIT CHANGES;", False),
        ("SELECT k FROM copy WHERE ROWPARTITION = 1 EMIT CHANGES;", False),
    ],
)
def test_a_simple_query_on_what_one_query_writes_is_scalable(sql: str, expected: bool) -> None:
    assert is_scalable(query(sql, ENABLED)) is expected


@pytest.mark.parametrize(
    "properties", [{}, {**ENABLED, "auto.offset.reset": "earliest"}, {**ENABLED, "ksql.query.push.v2.enabled": "false"}]
)
def test_nothing_is_scalable_unless_it_is_enabled_and_begins_at_the_end(properties: dict[str, Any]) -> None:
    assert not is_scalable(query("SELECT * FROM copy EMIT CHANGES;", properties))


def test_a_stream_that_two_queries_write_gives_no_scalable_query() -> None:
    second = "INSERT INTO copy SELECT * FROM src;"
    assert not is_scalable(query("SELECT * FROM copy EMIT CHANGES;", ENABLED, second))


@pytest.mark.parametrize(
    ("source", "properties", "expected"),
    [
        ("COPY", {}, [["a", 1], [None, 2], ["c", 4]]),
        ("COPY", ENABLED, [["a", 1], ["c", 4]]),
        ("KEYLESS", ENABLED, [[1], [2], [4]]),
    ],
)
def test_a_scalable_query_leaves_out_records_without_key_or_value(
    source: str, properties: dict[str, Any], expected: list[list[Any]]
) -> None:
    task = query(f"SELECT * FROM {source} EMIT CHANGES;", properties).open()
    records = [record("a", {"A": 1}), record(None, {"A": 2}), record("b", None), record("c", {"A": 4})]
    assert task.process(source, records) == expected
