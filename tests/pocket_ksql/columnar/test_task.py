"""Batches by columns give what the compiled query gives, record by record: the same bytes, order and rejections."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pocket_ksql.columnar import task as columnar
from pocket_ksql.columnar.task import ColumnarTask
from pocket_ksql.queries import Task
from pocket_ksql.records import Produced, Record, Rejected
from tests.pocket_ksql.worlds import make_engine, run
from tests.pocket_ksql.worlds import start as start_query

SOURCE = (
    "CREATE STREAM p (k STRING KEY, id BIGINT, name STRING, a DOUBLE, b DOUBLE, c DOUBLE, d DOUBLE, n INT, "
    "e DOUBLE, day DATE, yes BOOLEAN) WITH (kafka_topic='p', value_format='DELIMITED');"
)
SELECTS = {
    "as it is": "SELECT * FROM p",
    "filled": "SELECT k, name, IFNULL(a, 0E0) AS a, COALESCE(b, -1E9) AS b, c, IFNULL(d, 1E-7) AS d, n FROM p",
    "computed": "SELECT k, a + b AS w, a * 2E0 AS x, a / b AS y, (c - d) * IFNULL(d, 1E300) AS z, id + 1 AS i FROM p",
    "filtered": "SELECT k, a, b, c, d, UCASE(name) AS u, CAST(name AS INT) AS i FROM p WHERE c > 1 AND name <> ''",
    "in between": "SELECT k, yes, day, a, b, c, d, n / id AS q, e, ROWTIME AS t, ROWOFFSET AS o FROM p WHERE n <> 3",
}


def tasks(select: str, output: str) -> tuple[ColumnarTask, Task]:
    """The task with batches, and the one without."""
    engine = make_engine()
    run(engine, SOURCE)
    query = start_query(engine, f"CREATE STREAM s WITH (value_format='{output}') AS {SELECTS[select]};")
    both = query.open(), query.open()
    assert isinstance(both[0], ColumnarTask)
    assert isinstance(both[1], ColumnarTask)
    return both[0], both[1]._task


def number(value: float) -> str:
    return repr(value)


usual = st.one_of(st.floats(-1e4, 1e4), st.sampled_from([0.0, -0.0, 1.0, 3.5, 1e7, 1e-3, 9.9e-4, 123456.0])).map(number)
wild = st.one_of(
    st.floats().map(number),
    st.sampled_from(
        ["", " ", " 1.5", "1.5 ", "+2", "1_0", "1e400", "1e-400", "0x10", "abc", "1d", "nan(1)", "Infinity", "١", "\t1"]
    ),
    st.sampled_from(["-nan", "+inf", "1e5", ".5", "5.", "1E+5", "\x0b1", "\xa01", "1.0f", "true", "NULL", "1,2"]),
)
texts = st.one_of(st.text(max_size=5), st.sampled_from(["7", "", '"q"', '"a,b"', "a_b", "x\ny", "x\r", "\ufeff", "٣"]))
integers = st.one_of(
    st.integers(-5, 5).map(str), st.sampled_from(["", "99999999999", "9" * 20, "1_0", "x", " 4", "+1", "0x1"])
)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line; one field in some, and the line in a few, is not as it should be."""
    doubles = [draw(usual) for _ in range(5)]
    fields = [str(draw(st.integers(0, 9))), draw(st.sampled_from(["Hans", "7", "", "Ännchen"])), *doubles[:4], "1"]
    fields += [doubles[4], "19000", "true"]
    odd = draw(st.sampled_from(["", "", "", "double", "text", "integer", "count", "bytes"]))
    if odd == "double":
        fields[draw(st.sampled_from([2, 3, 4, 5, 7]))] = draw(wild)
    elif odd == "text":
        fields[1] = draw(texts)
    elif odd == "integer":
        fields[draw(st.sampled_from([0, 6, 8, 9]))] = draw(integers)
    elif odd == "count":
        fields = fields[: draw(st.integers(0, 9))]
    data = ",".join(fields).encode("utf-8", "surrogatepass")
    return data + b"\xff" if odd == "bytes" else data


records = st.lists(
    st.builds(Record, st.sampled_from([b"u1", b"u2", None]), st.one_of(lines(), lines(), st.none()), st.integers(0, 9)),
    max_size=12,
)


def outcome(task: Task, sent: Sequence[Record]) -> tuple[list[Produced], list[Rejected]]:
    produced = task.process("p", sent)
    rejected = list(task.rejected)
    task.rejected.clear()
    return produced, rejected


@pytest.mark.parametrize("output", ["JSON", "AVRO", "DELIMITED"])
@pytest.mark.parametrize("select", SELECTS)
def test_batches_give_what_records_one_by_one_give(select: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "SMALLEST", 2)
    by_columns, by_rows = tasks(select, output)

    @settings(max_examples=60, deadline=None)
    @given(records)
    @example([Record(b"k", b"1,x,1e308,1e308,1e308,-1e308,1,0.0,1,true", 0)] * 3)
    @example([Record(b"k", b"1,x,0.0,0.0,2.0,3.0,1,,1,true", 0)] * 3)
    @example([Record(b"k", b"", 0)] * 3)
    @example([Record(b"k", b"1,x,-0,1,00,.5,1,2,1,true", 0)] * 3)
    @example([Record(b"k", b"1,x,-0,1,2,3,1,,1,true", 0)] * 3)
    @example([Record(b"k", b"1,x,,,,,1,,1,true", 0)] * 3)
    @example([Record(b"k", b"1,x,1,2,3,1,2,1,true", 0)] * 3)
    @example([Record(b"k", line, 0) for line in (b"1,x,1,2,3,4,1,2,1,true", b"1,x,1,2,3,1,2,1,true")])
    @example([Record(b"k", b"1,x,1,2,3,4,2147483648,2,1,true", 0)] * 3)
    @example([Record(b"k", b"-9223372036854775808,x,1,2,3,4,-2147483648,2,-2147483649,true", 0)] * 3)
    @example([Record(b"k", line, 0) for line in (b",x,1,2,3,4,,2,,true", b"+1,x,1,2,3,4, 4,2,0,true")])
    @example([Record(b"k", b"1_0,x_y,1,2,3,4,1,2,1,true", 0)] * 3)
    def compare(sent: list[Record]) -> None:
        expected = outcome(by_rows, sent)
        assert outcome(by_columns, sent) == expected
        assert [outcome(by_columns, sent[:5]), outcome(by_columns, sent[5:])] == [
            outcome(by_rows, sent[:5]),
            outcome(by_rows, sent[5:]),
        ]

    compare()


@pytest.mark.parametrize("output", ["JSON", "AVRO", "DELIMITED"])
@pytest.mark.parametrize("select", SELECTS)
def test_usual_records_do_not_need_the_way_row_by_row(
    select: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_columns, by_rows = tasks(select, output)
    sent = [Record(b"k", f"{n + 1},7,{n}.5,{n + 1}e-5,,2.5,1,1.0,19000,true".encode(), n) for n in range(100)]
    expected = by_rows.process("p", sent)
    monkeypatch.setattr(by_columns, "_task", None)
    assert by_columns.process("p", sent) == expected


def test_avro_doubles_are_little_endian() -> None:
    by_columns, _ = tasks("as it is", "AVRO")
    sent = [Record(b"k", b"1,x,1.5,2.5,3.5,4.5,1,5.5,19000,true", 0)] * 50
    value = by_columns.process("p", sent)[0].value
    assert value is not None
    assert b"\x02" + struct.pack("<d", 1.5) + b"\x02" + struct.pack("<d", 2.5) in value


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE STREAM s WITH (value_format='PROTOBUF') AS SELECT * FROM p;",
        "CREATE STREAM s AS SELECT k, COUNT(*) AS n FROM p GROUP BY k;".replace("STREAM", "TABLE"),
        "CREATE STREAM s AS SELECT * FROM p PARTITION BY name;",
        "CREATE STREAM s WITH (timestamp='id') AS SELECT * FROM p;",
    ],
)
def test_other_queries_have_one_way_only(statement: str) -> None:
    engine = make_engine()
    run(engine, SOURCE)
    assert not isinstance(start_query(engine, statement).open(), ColumnarTask)
