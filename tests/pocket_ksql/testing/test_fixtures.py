"""The pytest fixture, used as its users do."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest

from pocket_ksql.errors import KsqlError
from pocket_ksql.testing import fixtures
from pocket_ksql.testing.memory import MemoryKsql

SCRIPT = """
CREATE STREAM payments (id STRING KEY, customer STRING, amount DOUBLE)
  WITH (kafka_topic='payments', value_format='JSON');
CREATE STREAM large AS SELECT * FROM payments WHERE amount > 100;
CREATE TABLE large_payments AS SELECT customer, COUNT(*) AS n FROM large GROUP BY customer;
"""


@pytest.fixture
def ksql() -> MemoryKsql:
    return MemoryKsql()


def test_the_example_of_the_documentation_passes(tmp_path: Path) -> None:
    documented = (fixtures.__doc__ or "").split("reads::")[1].split("What bad")[0]
    (tmp_path / "payments.sql").write_text(SCRIPT)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["pocket_ksql.testing.fixtures"]\n')
    (tmp_path / "test_it.py").write_text("from pathlib import Path\n" + textwrap.dedent(documented))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in result.stdout, result.stdout + result.stderr


def test_changes_and_the_table_as_it_is_now(ksql: MemoryKsql) -> None:
    ksql.run(SCRIPT)
    for amount in (50.0, 200.0, 300.0):
        ksql.insert("payments", {"id": "a", "customer": "ann", "amount": amount})
    assert ksql.rows("SELECT n FROM large_payments EMIT CHANGES;") == [{"N": 1}, {"N": 2}]
    assert ksql.rows("SELECT * FROM large_payments;") == [{"CUSTOMER": "ann", "N": 2}]


def test_inserted_numbers_widen_to_the_types_of_the_stream(ksql: MemoryKsql) -> None:
    ksql.run(
        "CREATE STREAM narrow (id STRING KEY, n INT, d DECIMAL(6, 2), l ARRAY<INT>) "
        "WITH (kafka_topic='narrow', value_format='JSON');"
        "CREATE STREAM wide (id STRING KEY, n DECIMAL(12, 1), d DOUBLE, l ARRAY<BIGINT>) "
        "WITH (kafka_topic='wide', value_format='AVRO');"
        "INSERT INTO wide SELECT * FROM narrow;"
    )
    ksql.insert("narrow", id="a", n=1, d=Decimal("2.50"), l=[3])
    assert ksql.rows("SELECT * FROM wide EMIT CHANGES;") == [{"ID": "a", "N": Decimal("1.0"), "D": 2.5, "L": [3]}]
    with pytest.raises(KsqlError, match="Incompatible schema"):
        ksql.run("INSERT INTO narrow SELECT * FROM wide;")


def test_a_query_reads_what_was_written_before_it(ksql: MemoryKsql) -> None:
    first, *others = [f"{one};" for one in SCRIPT.split(";") if one.strip()]
    ksql.run(first)
    ksql.run("INSERT INTO payments VALUES ('a', 'ann', 200);")
    ksql.run("".join(others))
    assert ksql.rows("SELECT customer, n FROM large_payments EMIT CHANGES;") == [{"CUSTOMER": "ann", "N": 1}]


def test_windows_follow_the_time_that_the_test_sets(ksql: MemoryKsql) -> None:
    ksql.run(
        SCRIPT + "CREATE TABLE hourly AS SELECT customer, COUNT(*) AS n FROM payments WINDOW TUMBLING (SIZE 1 HOUR) "
        "GROUP BY customer EMIT CHANGES;"
    )
    ksql.insert("payments", id="a", customer="ann")
    ksql.now = 3_600_000
    ksql.insert("payments", id="b", customer="ann")
    ksql.insert("payments", id="c", customer="ann", rowtime=3_599_999)
    changes = ksql.rows("SELECT windowstart, n FROM hourly EMIT CHANGES;")
    assert [(row["WINDOWSTART"], row["N"]) for row in changes] == [(0, 1), (3_600_000, 1), (0, 2)]


def test_a_bad_record_is_kept_with_its_reason_and_functions_of_one_s_own_are_called(ksql: MemoryKsql) -> None:
    def doubled(value: float) -> float:
        return 2 * value

    assert ksql.function(doubled) == "DOUBLED"
    ksql.run(SCRIPT + "CREATE STREAM twice AS SELECT id, doubled(amount) AS amount FROM payments;")
    ksql.send("payments", b"{broken", key=b"a")
    ksql.send("payments", b'{"AMOUNT": 4.5}', key=b"b")
    assert [one.record.value for one in ksql.rejected][:1] == [b"{broken"]
    assert [(one.key, one.value) for one in ksql.records("TWICE")] == [(b"b", b'{"AMOUNT":9.0}')]


def test_what_is_dropped_or_terminated_reads_no_more(ksql: MemoryKsql) -> None:
    ksql.run(SCRIPT + "DROP TABLE large_payments;")
    ksql.run("TERMINATE ALL;")
    ksql.insert("payments", id="a", customer="ann", amount=200.0)
    assert ksql.records("LARGE") == []
    with pytest.raises(KsqlError, match="takes a SELECT"):
        ksql.rows("SHOW STREAMS;")


def test_rows_may_hold_maps_structs_empty_arrays_and_decimals(ksql: MemoryKsql) -> None:
    ksql.run(
        "CREATE STREAM deep (id STRING KEY, m MAP<STRING, INT>, s STRUCT<a INT, b DECIMAL(4, 2)>,"
        " l ARRAY<MAP<STRING, DOUBLE>>, y BYTES, d DATE) WITH (kafka_topic='deep', value_format='JSON');"
    )
    ksql.insert("deep", id="a", m={"Key": 1}, s={"a": 2, "b": 1.5}, l=[{"x": 1}], y=b"a", d="1970-01-02")
    ksql.insert("deep", id="b", m={}, l=[])
    assert ksql.rows("SELECT m, s->b AS b, l, y, d FROM deep EMIT CHANGES;") == [
        {"M": {"Key": 1}, "B": Decimal("1.50"), "L": [{"x": 1.0}], "Y": "YQ==", "D": 1},
        {"M": {}, "B": None, "L": [], "Y": None, "D": None},
    ]


@pytest.mark.parametrize(("column", "value"), [("m", [1]), ("l", {"a": 1}), ("s", 5), ("s", {"a": 2**31}), ("d", 1)])
def test_a_value_that_does_not_fit_its_column_is_refused(ksql: MemoryKsql, column: str, value: object) -> None:
    ksql.run(
        "CREATE STREAM deep (id STRING KEY, m MAP<STRING, INT>, s STRUCT<a INT>, l ARRAY<INT>, d DATE)"
        " WITH (kafka_topic='deep', value_format='JSON');"
    )
    with pytest.raises(KsqlError, match=f"for field `{column.upper()}`"):
        ksql.insert("deep", {"id": "a", column: value})


def test_an_array_in_the_place_of_a_map_s_key_gives_null(ksql: MemoryKsql) -> None:
    ksql.run("CREATE STREAM m (m MAP<STRING, INT>, a ARRAY<INT>) WITH (kafka_topic='m', value_format='JSON');")
    ksql.insert("m", m={"a": 1}, a=[1])
    assert ksql.rows("SELECT m[a] AS x, m['a'] AS y FROM m EMIT CHANGES;") == [{"X": None, "Y": 1}]
