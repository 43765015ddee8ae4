"""The engine: statements to effects, with ksqlDB's words."""

from __future__ import annotations

import re

import orjson
import pytest

from pocket_ksql.engine import Engine, PullQuery, TransientQuery
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.outcomes import NothingDone, RecordsInserted, SourceCreated, SourceDropped
from pocket_ksql.records import Record
from pocket_ksql.services import MemorySchemas, MemoryTopics
from tests.pocket_ksql.worlds import make_engine, record, run, start, through

SOURCE = (
    "CREATE STREAM src (Id BIGINT, User VARCHAR, Amount DOUBLE) WITH (kafka_topic='src', value_format='DELIMITED');"
)


def test_a_stream_is_created_with_its_canonical_text_and_its_topic() -> None:
    topics = MemoryTopics()
    engine = Engine(topics, MemorySchemas())
    outcome = run(engine, SOURCE.replace("'DELIMITED'", "'DELIMITED', partitions=3"))
    assert isinstance(outcome, SourceCreated)
    assert outcome.message == "Stream created"
    assert outcome.statement_text == (
        "CREATE STREAM SRC (ID BIGINT, USER STRING, AMOUNT DOUBLE) WITH (CLEANUP_POLICY='delete', KAFKA_TOPIC='src', "
        "KEY_FORMAT='KAFKA', PARTITIONS=3, VALUE_FORMAT='DELIMITED');"
    )
    assert topics.partitions("src") == 3


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (SOURCE, "Cannot add stream 'SRC': A stream with the same name already exists"),
        (
            "CREATE STREAM x (Id BIGINT) WITH (kafka_topic='src', value_format='XML');",
            "Unknown format: XML",
        ),
        (
            "CREATE TABLE x (Id BIGINT) WITH (kafka_topic='src', value_format='JSON');",
            "Tables require a PRIMARY KEY. Please define the PRIMARY KEY.",
        ),
        (
            "CREATE STREAM x (Id BIGINT) WITH (kafka_topic='src', value_format='JSON', KEY='Id');",
            "Failed to prepare statement: Invalid config variable(s) in the WITH clause: KEY",
        ),
        (
            "CREATE STREAM x AS SELECT user, COUNT(*) AS n FROM src GROUP BY user;",
            "Could not determine output schema for query due to error: Invalid result type. Your SELECT query "
            "produces a TABLE. Please use CREATE TABLE AS SELECT statement instead.",
        ),
        (
            "CREATE TABLE x AS SELECT user, amount, COUNT(*) AS n FROM src GROUP BY user;",
            "Could not determine output schema for query due to error: Non-aggregate SELECT expression(s) not part of "
            "GROUP BY: AMOUNT\nEither add the column(s) to the GROUP BY or remove them from the SELECT.",
        ),
        ("DROP TABLE src;", "Incompatible data source type is stream, but statement was DROP table"),
        ("TERMINATE nope;", "Unknown queryId: NOPE"),
        (
            "INSERT INTO src (Id, nope) VALUES (1, 2);",
            "Failed to insert values into 'SRC'. Column name `NOPE` does not exist.",
        ),
        (
            "INSERT INTO src (Id) VALUES ('abc');",
            "Failed to insert values into 'SRC'. Expected type BIGINT for field `ID` but got STRING(abc)",
        ),
        (
            "INSERT INTO src (Id) VALUES (COUNT(*));",
            "Failed to insert values into 'SRC'. COUNT is no scalar function",
        ),
        ("INSERT INTO src (Id, ROWTIME) VALUES (1, -5);", "Failed to insert values into 'SRC'. Invalid timestamp: -5."),
        (
            "CREATE STREAM b (y BYTES) WITH (kafka_topic='b', value_format='JSON'); INSERT INTO b (y) VALUES ('%');",
            "Failed to insert values into 'B'. Expected type BYTES for field `Y` but got STRING(%)",
        ),
    ],
)
def test_a_mistake_is_told_in_ksqldb_s_words(sql: str, message: str) -> None:
    engine = make_engine()
    run(engine, SOURCE)
    with pytest.raises(KsqlStatementError) as error:
        run(engine, sql)
    assert error.value.message.startswith(message)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT nope FROM src EMIT CHANGES;", "Line: 1, Col: 8: SELECT column 'NOPE' cannot be resolved."),
        ("SELECT * FROM nope EMIT CHANGES;", "Exception while preparing statement: NOPE does not exist."),
        ("SELECT NOPE(Id) FROM src EMIT CHANGES;", "Can't find any functions with the name 'NOPE'"),
        (
            "SELECT Id + User FROM src EMIT CHANGES;",
            "Error processing expression: (ID + USER). Unsupported arithmetic types. BIGINT STRING\n"
            "Statement: (ID + USER)",
        ),
        (
            "SELECT Id FROM src WHERE Amount EMIT CHANGES;",
            "Type error in WHERE expression: Should evaluate to boolean but is AMOUNT (DOUBLE) instead.\n"
            "Statement: AMOUNT",
        ),
    ],
)
def test_a_push_query_is_refused_in_ksqldb_s_words(sql: str, message: str) -> None:
    engine = make_engine()
    run(engine, SOURCE)
    with pytest.raises(KsqlStatementError) as error:
        engine.push_query(engine.prepare(sql)[0])
    assert error.value.message == message


def test_if_not_exists_only_warns() -> None:
    engine = make_engine()
    run(engine, SOURCE)
    outcome = run(engine, SOURCE.replace("STREAM", "STREAM IF NOT EXISTS"))
    assert isinstance(outcome, NothingDone)
    assert outcome.warning


def test_a_source_that_is_read_cannot_be_dropped_until_its_reader_is() -> None:
    engine = make_engine()
    run(engine, SOURCE + "CREATE STREAM d AS SELECT * FROM src;")
    with pytest.raises(KsqlStatementError, match="You need to drop them before dropping SRC"):
        run(engine, "DROP STREAM src;")
    dropped = run(engine, "DROP STREAM d;")
    assert isinstance(dropped, SourceDropped)
    assert dropped.terminated == ("CSAS_D_2",)
    assert isinstance(run(engine, "DROP STREAM src;"), SourceDropped)


def test_filter_mask_fill_and_project() -> None:
    sql = (
        "CREATE STREAM o WITH (value_format='JSON') AS "
        "SELECT id, MASK_LEFT(user, 2) AS u, IFNULL(amount, 0.0) AS a FROM src WHERE id > 1;"
    )
    query = start(make_engine(), SOURCE + sql)
    task = query.open()
    lines = [b"1,Hans,1.5", b"2,Anna,", b"broken", b"3,Kai,2.5"]
    produced = task.process("src", [Record(None, line, 7) for line in lines])
    assert [orjson.loads(one.value or b"") for one in produced] == [
        {"ID": 2, "U": "Xxna", "A": 0.0},
        {"ID": 3, "U": "Xxi", "A": 2.5},
    ]
    assert [one.reason for one in task.rejected] == ["Unexpected field count, csvFields:1 schemaFields:3"]


def test_a_query_keeps_state_where_records_are_taken_together() -> None:
    sql = "CREATE STREAM o AS SELECT id FROM src;"
    assert not start(make_engine(), SOURCE + sql).open().keeps_state
    sql = "CREATE TABLE o AS SELECT user, COUNT(*) AS n FROM src GROUP BY user;"
    assert start(make_engine(), SOURCE + sql).open().keeps_state


def test_an_expression_that_fails_is_null_and_told() -> None:
    sql = "CREATE STREAM o WITH (value_format='JSON') AS SELECT id / 0 AS d, user FROM src;"
    task = start(make_engine(), SOURCE + sql).open()
    produced = task.process("src", [Record(None, b"1,a,2.0", 0)])
    assert orjson.loads(produced[0].value or b"") == {"D": None, "USER": "a"}
    assert "D" in task.rejected[0].reason


def test_the_time_of_a_row_comes_from_its_timestamp_column() -> None:
    engine = make_engine()
    sql = (
        "CREATE STREAM t (id BIGINT, at STRING) WITH (kafka_topic='t', value_format='DELIMITED', timestamp='at', "
        "timestamp_format='yyyy-MM-dd''T''HH:mm:ssX');CREATE STREAM o AS SELECT id FROM t;"
    )
    task = start(engine, sql).open()
    produced = task.process("t", [Record(None, b"1,2013-09-01T00:00:00Z", 0), Record(None, b"2,never", 0)])
    assert [(one.value, one.timestamp) for one in produced] == [(b"1", 1_377_993_600_000)]
    assert "timestamp" in task.rejected[0].reason


def test_a_push_query_stops_at_its_limit() -> None:
    engine = make_engine()
    run(engine, SOURCE)
    query = engine.push_query(engine.prepare("SELECT id, user FROM src EMIT CHANGES LIMIT 2;")[0])
    assert [(column.name, column.type) for column in query.columns] == [("ID", "BIGINT"), ("USER", "STRING")]
    task = query.open()
    rows = task.process("src", [Record(None, b"%d,a,1.0" % number, 0) for number in range(5)])
    assert rows == [[0, "a"], [1, "a"]]
    assert task.done


def test_a_pull_query_reads_the_state_of_the_running_query() -> None:
    engine = make_engine()
    sql = SOURCE + "CREATE TABLE t WITH (value_format='JSON') AS SELECT user, COUNT(*) AS n FROM src GROUP BY user;"
    query = start(engine, sql)
    task = query.open()
    task.process("src", [Record(None, line, 0) for line in (b"1,Hans,1.0", b"2,Anna,1.0", b"3,Hans,1.0")])
    pull = engine.pull_query(engine.prepare("SELECT * FROM t WHERE user = 'Hans';")[0])
    assert isinstance(pull, PullQuery)
    assert pull.query_id == query.id
    assert pull.rows([task]) == [["Hans", 2]]


def test_a_pull_query_on_a_stream_is_a_bounded_scan() -> None:
    engine = make_engine()
    run(engine, SOURCE)
    scan = engine.pull_query(engine.prepare("SELECT id FROM src;")[0])
    assert isinstance(scan, TransientQuery)
    assert scan.bounded


def test_inserted_values_become_a_record_of_the_source() -> None:
    engine = make_engine()
    outcome = run(engine, SOURCE + "INSERT INTO src (id, user) VALUES (1, 'Hans');")
    assert isinstance(outcome, RecordsInserted)
    assert [(one.topic, one.key, one.value, one.timestamp) for one in outcome.records] == [
        ("src", None, b"1,Hans,", 1_000)
    ]


def test_variables_and_types_serve_later_statements_of_the_same_text() -> None:
    engine = make_engine()
    sql = "DEFINE topic = 'src'; CREATE TYPE money AS DECIMAL(9, 2);"
    run(engine, sql + "CREATE STREAM s (m money) WITH (kafka_topic='${topic}', value_format='JSON');")
    source = engine.metastore.sources["S"]
    assert (source.topic, str(source.schema)) == ("src", "`M` DECIMAL(9, 2)")


def test_a_variable_behind_two_dollar_signs_is_plain_text() -> None:
    outcome = run(make_engine(), SOURCE + "DEFINE x = 'y'; INSERT INTO src (User) VALUES ('$${x}${X}${z}');")
    assert isinstance(outcome, RecordsInserted)
    assert outcome.records[0].value == b",${x}y${z},"


def test_an_aggregate_whose_state_the_format_cannot_hold_is_refused() -> None:
    with pytest.raises(KsqlStatementError) as error:
        run(make_engine(), SOURCE + "CREATE TABLE m AS SELECT user, AVG(amount) AS mean FROM src GROUP BY user;")
    assert error.value.error_code == 40000
    assert error.value.message.endswith(
        "Caused by: The 'DELIMITED' format does not support type 'STRUCT', column:\n\t`KSQL_AGG_VARIABLE_0`"
    )


def test_a_source_table_is_kept_for_pull_queries_and_goes_with_its_query() -> None:
    engine = make_engine()
    sql = "CREATE SOURCE TABLE t (k STRING PRIMARY KEY, x INT) WITH (kafka_topic='t', value_format='JSON');"
    task = start(engine, sql).open()
    assert task.process("t", [record("a", {"X": 1}), record("b", {"X": 2}), record("a", None)]) == []
    pull = engine.pull_query(engine.prepare("SELECT * FROM t;")[0])
    assert isinstance(pull, PullQuery)
    assert pull.rows([task]) == [["b", 2]]
    dropped = run(engine, "DROP TABLE t;")
    assert isinstance(dropped, SourceDropped)
    assert engine.metastore.queries == {}
    assert dropped.terminated == (pull.query_id,)


def test_a_null_value_passes_a_projection_and_nothing_else() -> None:
    engine = make_engine()
    stream = "CREATE STREAM s (k STRING KEY, x INT) WITH (kafka_topic='s', value_format='JSON');"
    project = start(engine, stream + "CREATE STREAM a AS SELECT k, x FROM s;").open()
    keep = start(engine, "CREATE STREAM b AS SELECT k, x FROM s WHERE x > 0;").open()
    assert [(one.key, one.value) for one in project.process("s", [record("k", None)])] == [(b"k", None)]
    assert keep.process("s", [record("k", None)]) == []


def test_bounds_of_between_on_a_row_s_time_may_be_texts() -> None:
    sql = SOURCE + "CREATE STREAM a AS SELECT * FROM src WHERE ROWTIME BETWEEN 1000 AND '1970-01-01T00:00:02';"
    rows = [("src", Record(None, b"1,u,2.5", timestamp)) for timestamp in (999, 1000, 2000, 2001)]
    assert [one.timestamp for one in through(start(make_engine(), sql), rows)] == [1000, 2000]


@pytest.mark.parametrize(
    "around",
    [
        "-({})", "NOT ({} = 1)", "{} = 1 AND id > 0", "{} IS NULL", "{} IS NOT NULL", "CAST({} AS STRING) + 'x'",
        "ARRAY[1][{}]", "GENERATE_SERIES(1, 5, {})[1]", "MAP('a' := 1)[CAST({} AS STRING)]", "{} BETWEEN 1 AND 2",
        "1 IN ({})", "CAST({} AS STRING) LIKE 'a'", "CASE WHEN {} = 1 THEN 1 ELSE 2 END", "{} IS DISTINCT FROM 1",
        "TRANSFORM(ARRAY[1], x => {})", "CASE WHEN true THEN -({}) END",
    ],
)  # fmt: skip
def test_a_part_that_fails_makes_the_whole_null_wherever_it_stands(around: str) -> None:
    expression = around.format("(1 / CAST(id - 1 AS INT))")
    sql = f"CREATE STREAM o WITH (value_format='JSON') AS SELECT {expression} AS x, user FROM src;"
    task = start(make_engine(), SOURCE + sql).open()
    produced = task.process("src", [Record(None, line, 7) for line in (b"1,a,2.0", b"2,b,2.0")])
    rows = [orjson.loads(one.value or b"") for one in produced]
    assert [row["USER"] for row in rows] == ["a", "b"]
    assert rows[0]["X"] is None
    assert len(task.rejected) == 1


@pytest.mark.parametrize(("value", "taken"), [("ARRAY[1, 2]", [1.0, 2.0]), ("ARRAY[1, NULL]", [1.0, None]),
                                              ("ARRAY['1']", None)])  # fmt: skip
def test_items_of_an_inserted_array_convert_as_values_of_their_own_do(value: str, taken: list[float] | None) -> None:
    sql = (
        "CREATE STREAM n (k INT KEY, a ARRAY<DOUBLE>) WITH (kafka_topic='n', value_format='JSON');"
        f"INSERT INTO n VALUES (1, {value});"
    )
    if taken is None:
        with pytest.raises(KsqlStatementError, match="Expected type ARRAY<DOUBLE> for field `A`"):
            run(make_engine(), sql)
        return
    outcome = run(make_engine(), sql)
    assert isinstance(outcome, RecordsInserted)
    assert orjson.loads(outcome.records[0].value or b"") == {"A": taken}


@pytest.mark.parametrize("given", ["value_format='JSON_SR'", "value_format='PROTOBUF', value_schema_id=1"])
def test_columns_are_not_inferred_from_a_schema_of_another_format(given: str) -> None:
    engine = make_engine()
    engine.schemas.register("t-value", "AVRO", '{"type": "record", "name": "R", "fields": []}')
    with pytest.raises(KsqlStatementError, match=r"set VALUE_FORMAT to 'AVRO'.\n"):
        run(engine, f"CREATE STREAM s WITH (kafka_topic='t', {given});")


@pytest.mark.parametrize(
    ("value_format", "kind", "schema"),
    [
        (
            "AVRO",
            "AVRO",
            '{"type": "record", "name": "R", "fields": [{"name": "A", "type": "int"}, {"name": "B", "type": "int"}]}',
        ),
        (
            "JSON_SR",
            "JSON",
            '{"type": "object", "properties": {"A": {"type": "integer"}, "B": {"type": "integer"}}, "required": ["B"]}',
        ),
    ],
)
def test_values_that_do_not_fit_the_registered_schema_are_refused(value_format: str, kind: str, schema: str) -> None:
    engine = make_engine()
    engine.schemas.register("t-value", kind, schema, 1)
    run(engine, f"CREATE STREAM s WITH (kafka_topic='t', value_format='{value_format}', value_schema_id=1);")
    assert isinstance(run(engine, "INSERT INTO s (A, B) VALUES (1, 2);"), RecordsInserted)
    with pytest.raises(
        KsqlStatementError, match=r"Failed to insert values into 'S'. Could not serialize value: \[1, None"
    ):
        run(engine, "INSERT INTO s (A) VALUES (1);")


def test_a_stream_that_has_lost_its_key_has_the_key_format_none() -> None:
    engine = make_engine()
    run(engine, "CREATE STREAM s (k INT KEY, v INT) WITH (kafka_topic='s', format='JSON');")
    lost = start(engine, "CREATE STREAM lost AS SELECT * FROM s PARTITION BY NULL;")
    assert lost.sink is not None
    assert lost.sink.key_format.name == "NONE"
    again = start(engine, "CREATE TABLE again AS SELECT v, COUNT(*) AS n FROM lost GROUP BY v;")
    assert again.sink is not None
    assert again.sink.key_format.name == "KAFKA"
    assert [one.key for one in through(lost, [("s", record("1", {"V": 5}))])] == [None]


def test_a_query_s_topic_has_as_many_partitions_as_its_first_source_unless_told_otherwise() -> None:
    topics = MemoryTopics()
    topics.create("there", 2, 1, {})
    engine = Engine(topics, MemorySchemas())
    run(engine, SOURCE.replace("'DELIMITED'", "'DELIMITED', partitions=5"))
    run(engine, "CREATE STREAM made AS SELECT * FROM src;")
    assert topics.partitions("MADE") == 5
    with pytest.raises(KsqlStatementError, match=r"expects 5 partitions \(topic has 2\)"):
        run(engine, "CREATE STREAM a WITH (kafka_topic='there') AS SELECT * FROM src;")
    run(engine, "CREATE STREAM a WITH (kafka_topic='there', partitions=2) AS SELECT * FROM src;")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("partitions=5", "5 partitions (topic has 3), and 1"),
        ("partitions=3, replicas=2", "3 partitions (topic has 3), and 2"),
    ],
)
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE STREAM x (a INT) WITH (kafka_topic='t', value_format='JSON', {});",
        SOURCE + "CREATE STREAM x WITH (kafka_topic='t', {}) AS SELECT * FROM src;",
    ],
)
def test_a_topic_that_exists_is_not_made_to_fit(sql: str, given: str, wanted: str) -> None:
    engine = make_engine()
    expected = (
        "A Kafka topic with the name 't' already exists, with different partition/replica configuration than required. "
        f"KSQL expects {wanted} replication factor (topic has 1)."
    )
    with pytest.raises(KsqlStatementError, match=re.escape(expected)):
        run(engine, sql.format(given))
    assert "X" not in engine.metastore.sources
    engine.checks_topics = False
    run(engine, sql.removeprefix(SOURCE).format(given))
    assert "X" in engine.metastore.sources


_DEEP = 400


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (" OR ".join(f"v = {value}" for value in range(_DEEP)), [1]),
        (" AND ".join(f"v <> {value}" for value in range(2, _DEEP)), [1]),
        (f"v = 1 OR {' OR '.join(['f'] * _DEEP)}", [1]),
        (f"{' OR '.join(['f'] * _DEEP)} OR v = 1", []),  # a NULL before OR makes the whole NULL
        ("(" * _DEEP + "v = 1" + ")" * _DEEP, [1]),
        (f"v IN ({', '.join(map(str, range(1, _DEEP)))})", [1]),
    ],
)
def test_a_long_condition_is_as_good_as_a_short_one(condition: str, kept: list[int]) -> None:
    engine = make_engine()
    run(engine, "CREATE STREAM s (v INT, f BOOLEAN) WITH (kafka_topic='s', value_format='JSON');")
    query = start(engine, f"CREATE STREAM o AS SELECT * FROM s WHERE {condition};")
    rows = through(query, [("s", record(None, {"V": value})) for value in (1, None)])
    assert [orjson.loads(one.value or b"")["V"] for one in rows] == kept


@pytest.mark.parametrize("expression", ["ABS(" * 400 + "v" + ")" * 400, "- " * 9_000 + "v", "(" * 20_000 + "v"])
def test_a_statement_that_is_nested_too_deeply_is_refused(expression: str) -> None:
    engine = make_engine()
    run(engine, "CREATE STREAM s (v INT) WITH (kafka_topic='s', value_format='JSON');")
    for sql in (
        f"CREATE STREAM o AS SELECT {expression} AS x FROM s;",
        f"INSERT INTO s SELECT {expression} AS v FROM s;",
    ):
        with pytest.raises(KsqlStatementError, match=r"^Statement is too large to parse"):
            run(engine, sql)
