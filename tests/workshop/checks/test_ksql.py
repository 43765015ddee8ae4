"""KSQL over given records, without a server."""

from __future__ import annotations

import pytest

from pocket_ksql.errors import KsqlSyntaxError
from workshop.checks import ksql

SETUP = """
CREATE STREAM pays (who VARCHAR KEY, amount DOUBLE) WITH (KAFKA_TOPIC='pays', VALUE_FORMAT='DELIMITED');
CREATE TABLE people (who VARCHAR PRIMARY KEY, region VARCHAR) WITH (KAFKA_TOPIC='people', VALUE_FORMAT='JSON');
"""
INPUTS = {
    "people": [{"key": "ann", "value": {"region": "North"}}],
    "pays": [
        {"key": "ann", "value": {"amount": 3.5}, "timestamp": 1_000},
        {"key": "bob", "value": "9.25", "timestamp": 2_000},
        {"key": "ann", "value": {"amount": 1.0}, "timestamp": 70_000},
    ],
}


def test_rows_of_a_chain_of_statements() -> None:
    result = ksql.run(
        """
        CREATE STREAM joined WITH (VALUE_FORMAT='AVRO') AS
          SELECT p.who AS who, amount, region FROM pays p LEFT JOIN people r ON p.who = r.who EMIT CHANGES;
        CREATE STREAM big AS SELECT * FROM joined WHERE amount > 2 EMIT CHANGES;
        """,
        INPUTS,
        SETUP,
    )
    assert result.rows("big") == [
        {"WHO": "ann", "AMOUNT": 3.5, "REGION": "North"},
        {"WHO": "bob", "AMOUNT": 9.25, "REGION": None},
    ]
    assert result.sink("Big").value_format == "AVRO"
    assert set(result.sinks) == {"JOINED", "BIG"}


def test_the_last_row_of_each_window() -> None:
    sql = """CREATE TABLE n WITH (VALUE_FORMAT='JSON') AS SELECT who, COUNT(*) AS n FROM pays
             WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY who EMIT CHANGES;"""
    rows = ksql.run(sql, INPUTS, SETUP).latest("n")
    assert {(row["WHO"], row["WINDOWSTART"], row["N"]) for row in rows} == {
        ("ann", 0, 1),
        ("ann", 60_000, 1),
        ("bob", 0, 1),
    }


def test_queries_give_their_rows_in_order() -> None:
    sql = """CREATE TABLE t WITH (VALUE_FORMAT='JSON') AS SELECT who, SUM(amount) AS total FROM pays GROUP BY who;
             SELECT total FROM t WHERE who = 'ann';
             SELECT who FROM pays WHERE amount > 2 EMIT CHANGES LIMIT 1;"""
    result = ksql.run(sql, INPUTS, SETUP)
    assert result.query(0) == [{"TOTAL": 4.5}]
    assert result.query(1) == [{"WHO": "ann"}]
    assert result.pushed == [False, True]


def test_inserted_rows_count_too() -> None:
    result = ksql.run(
        """CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
           CREATE STREAM doubled WITH (VALUE_FORMAT='JSON') AS SELECT a * 2 AS a FROM s;
           INSERT INTO s (a) VALUES (4);"""
    )
    assert result.rows("doubled") == [{"A": 8}]


def test_what_is_wrong_is_told() -> None:
    with pytest.raises(KsqlSyntaxError, match="line 1"):
        ksql.run("CREATE STREEM x;")
    with pytest.raises(LookupError, match="no stream or table X"):
        ksql.run("").rows("x")


def double(value: float) -> float:
    """Twice the amount; refuses large ones."""
    if value > 9:
        raise ValueError("too large")
    return 2 * value


def test_statements_call_functions_of_python() -> None:
    sql = "CREATE STREAM doubled WITH (VALUE_FORMAT='JSON') AS SELECT who, DOUBLE(amount) AS twice FROM pays;"
    rows = ksql.run(sql, INPUTS, SETUP, functions=[double]).rows("doubled")
    assert [row["TWICE"] for row in rows] == [7.0, None, 2.0]
    sql = "CREATE STREAM s AS SELECT who, FRAUD_SCORE(ARRAY[amount, 1, 1, 1]) > FRAUD_THRESHOLD() AS odd FROM pays;"
    rows = ksql.run(sql, INPUTS, SETUP, functions=["workshop.checks.retrained_score"]).rows("s")
    assert [row["ODD"] for row in rows] == [False, True, False]
