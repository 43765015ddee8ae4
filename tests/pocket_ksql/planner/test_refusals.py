"""Queries that are refused, with the words."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from pocket_ksql.engine import Engine
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.planner.pull import ENABLED, ON_STREAMS, RANGE_SCAN, TABLE_SCAN
from pocket_ksql.queries import PullQuery
from pocket_ksql.services import MemorySchemas, MemoryTopics
from tests.pocket_ksql.worlds import make_engine, run

SOURCES = """
CREATE STREAM s (k STRING KEY, i INT, a ARRAY<INT>, st STRUCT<x BIGINT>) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE one AS SELECT k, COUNT(*) AS c FROM s GROUP BY k;
CREATE TABLE two WITH (format='JSON') AS SELECT k, i, COUNT(*) AS c FROM s GROUP BY k, i;
"""


@pytest.fixture
def engine() -> Engine:
    made = make_engine()
    run(made, SOURCES)
    return made


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("c = 3", "WHERE clause missing key column for disjunct: (C = 3)"),
        ("k = 'a' OR c = 3", "WHERE clause missing key column for disjunct: (C = 3)"),
        ("k > 'a' AND k < 'b'", "A comparison condition on the key column cannot be combined"),
        ("k = 'a' AND k > 'b'", "A comparison condition on the key column cannot be combined"),
        ("k = 'a' AND k = 'b'", "An equality condition on the key column cannot be combined"),
        ("k IN ('a', 'b') AND k = 'b'", "An equality condition on the key column cannot be combined"),
        ("k != 'a'", "Bound on key columns must be equal (=), but is <>"),
        ("k IS DISTINCT FROM 'a'", "Bound on key columns must be equal (=), but is IS DISTINCT FROM"),
        ("k = CAST(c AS STRING)", "between a key column and a resolvable expression"),
        ("UCASE(k) = 'A'", "must directly reference a key column"),
    ],
)
def test_without_table_scans_a_look_up_names_keys(engine: Engine, where: str, words: str) -> None:
    [statement] = engine.prepare(f"SELECT * FROM one WHERE {where};")
    assert isinstance(engine.pull_query(statement), PullQuery)
    with pytest.raises(KsqlStatementError) as refused:
        engine.pull_query(statement, {TABLE_SCAN: False})
    assert words in refused.value.message


def test_without_table_scans_every_key_column_is_named(engine: Engine) -> None:
    [statement] = engine.prepare("SELECT * FROM two WHERE k = 'a';")
    with pytest.raises(KsqlStatementError, match="must specify every key"):
        engine.pull_query(statement, {TABLE_SCAN: False})


@pytest.mark.parametrize(
    ("source", "switch", "words"),
    [
        ("one", ENABLED, "Pull queries are disabled."),
        ("s", ENABLED, "Pull queries are disabled."),
        ("s", ON_STREAMS, "Pull queries on streams are disabled."),
        ("one", ON_STREAMS, None),
    ],
)
def test_pull_queries_can_be_switched_off(engine: Engine, source: str, switch: str, words: str | None) -> None:
    [statement] = engine.prepare(f"SELECT * FROM {source};")
    with nullcontext() if words is None else pytest.raises(KsqlStatementError, match=words):
        engine.pull_query(statement, {switch: "false"})


def test_ranges_of_keys_can_be_forbidden(engine: Engine) -> None:
    [statement] = engine.prepare("SELECT * FROM one WHERE k > 'a';")
    assert isinstance(engine.pull_query(statement, {TABLE_SCAN: False}), PullQuery)
    with pytest.raises(KsqlStatementError, match="must be equal"):
        engine.pull_query(statement, {TABLE_SCAN: False, RANGE_SCAN: False})


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE STREAM x AS SELECT * FROM s LIMIT 3;", "CREATE STREAM AS SELECT statements don't support LIMIT"),
        ("CREATE TABLE x WITH (key_format='JSON') AS SELECT i, COUNT(*) AS c FROM s GROUP BY i, s.i;",
         "Duplicate GROUP BY expression: S.I"),
        ("CREATE STREAM x WITH (key_format='JSON') AS SELECT * FROM s PARTITION BY i, i;",
         "Duplicate PARTITION BY expression: S.I"),
        ("CREATE STREAM x AS SELECT k, i + NULL FROM s;", "Arithmetic on types INTEGER and null are not supported."),
        ("CREATE STREAM x AS SELECT * FROM s WHERE i IN (1, 'b');", 'invalid input syntax for type INTEGER: "b"'),
        ("CREATE STREAM x AS SELECT * FROM s WHERE a IN (ARRAY['b']);", 'invalid input syntax for type INTEGER: "b"'),
        ("CREATE STREAM x AS SELECT * FROM s WHERE st IN (STRUCT(x:=true));", "operator does not exist"),
        ("CREATE STREAM x AS SELECT k, GREATEST(i, st->x) FROM s;", "ambiguous method parameters (INTEGER, BIGINT)"),
        ("CREATE STREAM x AS SELECT k, FILTER(a, y => y + 1) FROM s;", "Expected lambda to return BOOLEAN"),
        ("CREATE STREAM x AS SELECT k, CASE WHEN i = 1 THEN 1 WHEN i = 2 THEN 2.5 END FROM s;",
         "THEN expression '2.5' has type: DECIMAL(2, 1).\nPrevious THEN expression(s) type: INTEGER."),
        ("CREATE STREAM x AS SELECT k, CASE i WHEN 1 THEN 1 ELSE st->x END FROM s;",
         "THEN type: INTEGER.\nDEFAULT type: BIGINT."),
        ("CREATE STREAM x AS SELECT k, CASE WHEN i = 1 THEN NULL END FROM s;", "All case branches have a NULL type"),
        ("CREATE STREAM x WITH (format='AVRO', key_format='JSON') AS SELECT * FROM s;",
         "Cannot supply both 'KEY_FORMAT' and 'FORMAT'"),
        ("CREATE STREAM x (i INT) WITH (kafka_topic='x', format='AVRO');",
         "Schema for message keys on topic 'x' does not exist in the Schema Registry."),
        ("CREATE STREAM x (i INT, j INT) WITH (kafka_topic='x', value_format='PROTOBUF', wrap_single_value=true);",
         "'WRAP_SINGLE_VALUE' is only valid for single-field value schemas"),
        ("CREATE STREAM x (i INT) WITH (kafka_topic='x', value_format='JSON',"
         " value_protobuf_nullable_representation='OPTIONAL');",
         "JSON does not support the following configs: [nullableRepresentation]"),
        ("CREATE STREAM x (t STRING) WITH (kafka_topic='x', format='JSON', timestamp='t', timestamp_format='jj');",
         "Invalid date pattern: Unknown pattern letter: j"),
        ("CREATE STREAM x AS SELECT * FROM s WHERE a BETWEEN a AND a;", "Cannot compare A (ARRAY<INTEGER>) to"),
        ("CREATE STREAM x AS SELECT * FROM s WHERE k LIKE 'a' ESCAPE '!!';", "exactly one character for ESCAPE"),
        ("CREATE STREAM x (i INT) WITH (kafka_topic='x', value_format='JSON', wrap_single_value='maybe');",
         "Invalid value maybe for configuration WRAP_SINGLE_VALUE"),
        ("CREATE STREAM x (t STRING) WITH (kafka_topic='x', format='JSON', timestamp='t', timestamp_format='bb');",
         "Unknown pattern letter: b"),
        ("CREATE STREAM x (t STRUCT<a INT, a STRING>) WITH (kafka_topic='x', value_format='JSON');",
         "Duplicate field names found in STRUCT: `A`, `A`"),
        ("ALTER STREAM s ADD COLUMN ROWTIME BIGINT;", "'ROWTIME' is a reserved column name."),
        ("ALTER STREAM s ADD COLUMN m MAP<INT, INT>;", "JSON only supports MAP types with STRING keys"),
        ("INSERT INTO s WITH (kafka_topic='s') SELECT * FROM s;", "Invalid config variable(s) in the WITH clause"),
        ("INSERT INTO s WITH (query_id='a b') SELECT * FROM s;", "alphanumeric characters and '_'. Got: 'a b'"),
        ("INSERT INTO s WITH (query_id='x') SELECT * FROM s; INSERT INTO s WITH (query_id='X') SELECT * FROM s;",
         "Query ID 'X' already exists."),
        ("CREATE TABLE x AS SELECT k, TOPK(st, 2) FROM s GROUP BY k;", "STRUCT<`X` BIGINT> have no order"),
        ("CREATE TABLE x AS SELECT k, SUM_LIST(CAST(a AS ARRAY<DECIMAL(4, 1)>)) FROM s GROUP BY k;",
         "Function 'sum_list' does not accept parameters (ARRAY<DECIMAL(4, 1)>)"),
        ("CREATE TABLE x AS SELECT k, LATEST_BY_OFFSET(i, 0) FROM s GROUP BY k;", "latestN must be 1 or greater"),
        ("CREATE STREAM x AS SELECT k, EXPLODE(ARRAY[MAX(i)]) FROM s;", "Table functions cannot be used with aggreg"),
        ("CREATE STREAM x AS SELECT k, REDUCE(a, 0, (y, y) => y) FROM s;", "lambda have the same name: Y, Y"),
        ("CREATE STREAM x AS SELECT * FROM s PARTITION BY EXPLODE(a);", "cannot contain table functions"),
        ("CREATE TABLE x AS SELECT k, COUNT(*) FROM s WINDOW HOPPING (SIZE 1 DAY, ADVANCE BY 2 DAYS) GROUP BY k;",
         "Window advancement interval"),
        ("CREATE STREAM x WITH (format='AVRO') AS SELECT k, i AS `1i` FROM s;", "Illegal initial character: 1i"),
        ("CREATE STREAM x AS SELECT k, NULL AS n FROM s;", "Can't infer a type of null. Please explicitly cast it"),
        ("CREATE TABLE x AS SELECT NULL AS n, COUNT(*) AS c FROM s GROUP BY NULL;", "Can't infer a type of null."),
        ("CREATE SOURCE STREAM x AS SELECT * FROM s;", "Unexpected 'AS'"),
        ("CREATE STREAM x AS SELECT s.k, s.i FROM s JOIN one ON one.k = s.i;", "Got ONE.K{STRING} = S.I{INTEGER}."),
        ("CREATE STREAM x AS SELECT s.k, s.i FROM s JOIN one ON s.i = one.k;", "Got S.I{INTEGER} = ONE.K{STRING}."),
    ],
)  # fmt: skip
def test_a_statement_is_refused_with_the_words(engine: Engine, sql: str, words: str) -> None:
    with pytest.raises(KsqlStatementError) as refused:
        run(engine, sql)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("", "window_type='SESSION'", "Implicit repartitioning of windowed sources"),
        ("window_type='HOPPING', window_size='1 DAY'", "", "Implicit repartitioning of windowed sources"),
        ("window_type='TUMBLING', window_size='1 DAY'", "window_type='SESSION'", "Incompatible windowed sources"),
    ],
)
@pytest.mark.parametrize(("one", "other", "within"), [("STREAM", "STREAM", "WITHIN 1 DAY"), ("STREAM", "TABLE", ""),
                                                      ("TABLE", "TABLE", "")])  # fmt: skip
def test_sides_of_a_join_are_windowed_alike(
    left: str, right: str, words: str, one: str, other: str, within: str
) -> None:
    engine = make_engine()
    for kind, name, properties in ((one, "l", left), (other, "r", right)):
        key = "PRIMARY KEY" if kind == "TABLE" else "KEY"
        more = f", {properties}" if properties else ""
        run(
            engine, f"CREATE {kind} {name} (k INT {key}, v INT) WITH (kafka_topic='{name}', value_format='JSON'{more});"
        )
    with pytest.raises(KsqlStatementError, match=words):
        run(engine, f"CREATE {one} x AS SELECT l.k, l.v FROM l JOIN r {within} ON l.k = r.k;")


def test_sides_of_a_join_need_as_many_partitions() -> None:
    engine = Engine(MemoryTopics(), MemorySchemas(), clock=lambda: 0)
    with_one, with_two = (f"value_format='JSON', partitions={count}" for count in (1, 2))
    run(engine, f"CREATE STREAM s (k INT KEY, v INT) WITH (kafka_topic='s', {with_one});")
    run(engine, f"CREATE TABLE t (id INT PRIMARY KEY, w INT) WITH (kafka_topic='t', {with_two});")
    with pytest.raises(KsqlStatementError, match="`S` partitions = 1; `T` partitions = 2"):
        run(engine, "CREATE STREAM x AS SELECT s.k, v, w FROM s JOIN t ON s.k = t.id;")
    run(engine, "CREATE STREAM y AS SELECT v, w FROM s JOIN t ON s.v = t.id;")


REPLACED = """
CREATE STREAM up AS SELECT k, i FROM s WHERE i > 1;
CREATE TABLE ups AS SELECT k, COUNT(*) AS c FROM s WHERE i > 1 GROUP BY k;
CREATE STREAM joined AS SELECT s.k, s.i FROM s JOIN one ON s.k = one.k;
"""


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE OR REPLACE STREAM up AS SELECT k, i FROM s;",
        "CREATE OR REPLACE STREAM up AS SELECT k, i, i + 1 AS j FROM s WHERE i > 2;",
        "CREATE OR REPLACE TABLE ups AS SELECT k, COUNT(*) AS c FROM s WHERE i > 3 GROUP BY k HAVING COUNT(*) > 1;",
        "CREATE OR REPLACE STREAM joined AS SELECT s.k, s.i FROM s JOIN one ON s.k = one.k;",
    ],
)
def test_a_query_is_replaced_where_its_state_stays_what_it_is(engine: Engine, sql: str) -> None:
    run(engine, REPLACED + sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE OR REPLACE STREAM up AS SELECT i, k FROM s PARTITION BY i;", "cannot be upgraded to schema"),
        ("CREATE OR REPLACE STREAM up AS SELECT k, 1 AS j, i FROM s;", "changed, missing or reordered: [`I` INTEGER]"),
        ("CREATE OR REPLACE TABLE ups AS SELECT k, SUM(i + 0) AS c FROM s GROUP BY k;", "cannot be upgraded to schema"),
        ("CREATE OR REPLACE TABLE ups AS SELECT k, COUNT(i) AS c FROM s GROUP BY k;",
         "must have matching aggregationFunctions"),
        ("CREATE OR REPLACE TABLE ups AS SELECT k, COUNT(*) AS c FROM s GROUP BY k;",
         "StreamAggregate must have matching nonAggregateColumns"),
        ("CREATE OR REPLACE STREAM joined AS SELECT s.k, s.i FROM s JOIN one ON s.k = one.k WHERE s.i > 1;",
         "Upgrades not yet supported for StreamTableJoin"),
        ("CREATE OR REPLACE TABLE one AS SELECT k, COUNT(*) AS c FROM s WINDOW TUMBLING (SIZE 1 DAY) GROUP BY k;",
         "Upgrades not yet supported for StreamWindowedAggregate"),
        ("CREATE OR REPLACE STREAM up WITH (value_format='AVRO') AS SELECT k, i FROM s;",
         "value format = JSON which cannot be upgraded to value format = AVRO"),
        ("CREATE OR REPLACE STREAM up WITH (key_format='JSON') AS SELECT k, i FROM s;",
         "key format = KAFKA which cannot be upgraded to key format = JSON"),
    ],
)  # fmt: skip
def test_a_query_is_not_replaced_by_one_that_its_state_does_not_fit(engine: Engine, sql: str, words: str) -> None:
    run(engine, REPLACED)
    with pytest.raises(KsqlStatementError) as refused:
        run(engine, sql)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT s.k, r.x FROM s JOIN r WITHIN 1 SECOND ON s.i = MAX(r.x)", "JOIN ON clause cannot contain aggregate"),
        ("SELECT s.k, r.x FROM s JOIN r WITHIN 1 SECOND ON EXPLODE(a) = r.x", "JOIN ON clause cannot contain table"),
        ("SELECT EXPLODE(a), COUNT(*) FROM s GROUP BY EXPLODE(a)", "GROUP BY clause cannot contain table functions"),
        ("SELECT k, COUNT(*) FROM s GROUP BY k HAVING EXPLODE(a) = 1", "HAVING clause cannot contain table functions"),
    ],
)
def test_functions_of_several_rows_stand_where_rows_are_made(engine: Engine, sql: str, words: str) -> None:
    run(engine, "CREATE STREAM r (k STRING KEY, x INT) WITH (kafka_topic='r', value_format='JSON');")
    [statement] = engine.prepare(f"{sql} EMIT CHANGES;")
    with pytest.raises(KsqlStatementError, match=words):
        engine.push_query(statement)
