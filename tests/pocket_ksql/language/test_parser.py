"""The parser: canonical statements come back as they are, mistakes are told with their place."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, KsqlSyntaxError
from pocket_ksql.language import statements
from pocket_ksql.language.formatter import format_expression, format_statement
from pocket_ksql.language.parser import parse_expression, parse_statement, parse_type, split_statements

IDENTITY = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parent / "identity.sql").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("text", IDENTITY)
def test_a_canonical_statement_comes_back_as_it_is(text: str) -> None:
    assert format_statement(parse_statement(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREAT STREAM x (Id BIGINT);", "line 1:1: Syntax Error\nUnknown statement 'CREAT'\nDid you mean 'CREATE'?"),
        ("SELEC 1;", "line 1:1: Syntax Error\nUnknown statement 'SELEC'\nDid you mean 'SELECT'?"),
    ],
)
def test_a_word_that_almost_begins_a_statement_is_suggested(text: str, message: str) -> None:
    with pytest.raises(KsqlSyntaxError) as error:
        parse_statement(text)
    assert error.value.message == message


def test_a_missing_semicolon_is_told_where_it_is_missing() -> None:
    with pytest.raises(KsqlSyntaxError) as error:
        list(split_statements("SHOW STREAMS"))
    assert error.value.message == "line 1:13: Syntax Error\nmissing ';' at '<EOF>'"


@pytest.mark.parametrize(
    "clause",
    ["WINDOW TUMBLING (SIZE 1 WEEK)", "WINDOW SESSION (1 MONTHS)", "WINDOW TUMBLING (SIZE 1 DAY, RETENTION 1 YEAR)"],
)
def test_windows_are_not_measured_by_the_calendar(clause: str) -> None:
    with pytest.raises(KsqlSyntaxError, match="SECONDS"):
        parse_statement(f"SELECT k, COUNT(*) FROM s {clause} GROUP BY k EMIT CHANGES;")


@pytest.mark.parametrize("name", ["1x", "`x`", "a-b", "'x'"])
def test_a_variable_s_name_has_letters_digits_and_underscores(name: str) -> None:
    with pytest.raises(KsqlSyntaxError, match="Syntax Error"):
        parse_statement(f"DEFINE {name} = 'y';")
    assert parse_statement("DEFINE _x1 = 'y';") == statements.Define("_x1", "y")


def test_an_unknown_type_is_refused_by_its_name() -> None:
    with pytest.raises(KsqlStatementError, match="Cannot resolve unknown type: BIGIN"):
        parse_statement("CREATE STREAM s (Id BIGIN) WITH (kafka_topic='t', value_format='JSON');")


@pytest.mark.parametrize("clause", ["GROUP BY", "PARTITION BY"])
@pytest.mark.parametrize(
    ("by", "taken"),
    [
        ("a, b + 1", True),
        ("(a, b + 1)", True),
        ("(a), (b)", True),
        ("(a IS NULL), (NOT b)", True),
        ("a IS NULL", False),
        ("a = 1", False),
        ("NOT a", False),
        ("(a, b = 1)", False),
        ("(a, b), (c)", False),
        ("((a), (b, c))", False),
    ],
)
def test_groups_and_partitions_are_by_values(clause: str, by: str, taken: bool) -> None:
    with nullcontext() if taken else pytest.raises(KsqlSyntaxError):
        parse_statement(f"SELECT * FROM s {clause} {by} EMIT CHANGES;")


def test_statements_are_split_at_semicolons_outside_of_strings_and_comments() -> None:
    text = "SHOW STREAMS; -- not; here\nSELECT ';' FROM a EMIT CHANGES; /* nor; here */"
    assert [(one, line) for one, line, _ in split_statements(text)] == [
        ("SHOW STREAMS;", 1),
        ("SELECT ';' FROM a EMIT CHANGES;", 2),
    ]


def test_names_are_upper_case_unless_quoted() -> None:
    tree = parse_statement("DESCRIBE `MixedCase`;")
    assert tree == statements.Describe("MixedCase")
    assert parse_statement("DESCRIBE mixedcase;") == statements.Describe("MIXEDCASE")


def test_types_nest() -> None:
    of = parse_type("MAP<VARCHAR, ARRAY<STRUCT<a INT, b DECIMAL(4, 2)>>>")
    assert str(of) == "MAP<STRING, ARRAY<STRUCT<`A` INTEGER, `B` DECIMAL(4, 2)>>>"
    assert isinstance(of, types.Map)


def _expressions() -> st.SearchStrategy[str]:
    leaves = st.one_of(
        st.integers(0, 10**9).map(str),
        st.sampled_from(["A", "B.C", "null", "true", "'it''s'", "1.50", "2E3"]),
    )
    operators = st.sampled_from(["+", "-", "*", "/", "%", "=", "<>", "<", ">="])

    def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, operators, inner).map(lambda parts: f"({' '.join(parts)})"),
            inner.map(lambda text: f"ABS({text})"),
            inner.map(lambda text: f"CAST({text} AS STRING)"),
            inner.map(lambda text: f"({text} IS NOT NULL)"),
            st.tuples(inner, inner).map(lambda parts: f"ARRAY[{parts[0]}, {parts[1]}]"),
        )

    return st.recursive(leaves, combine, max_leaves=12)


@given(_expressions())
def test_an_expression_means_the_same_after_formatting(text: str) -> None:
    tree = parse_expression(text)
    assert parse_expression(format_expression(tree)) == tree
