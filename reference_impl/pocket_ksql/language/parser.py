"""Parsing of statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pocket_ksql.errors import KsqlSyntaxError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.query_parser import QueryParser
from pocket_ksql.language.statements import Statement
from pocket_ksql.language.tokens import near_miss
from pocket_ksql.language.variables import NAME
from pocket_ksql.schema import Place
from pocket_ksql.types import SqlType


def parse_statement(text: str, custom_types: Mapping[str, SqlType] | None = None) -> Statement:
    """The one statement in ``text``, with or without its semicolon; raises ``KsqlSyntaxError``."""
    parser = StatementParser(text, custom_types)
    statement = parser.statement()
    parser.accept(";")
    if parser.token.kind != "end":
        parser.fail(";")
    return statement


def parse_expression(text: str, custom_types: Mapping[str, SqlType] | None = None) -> ex.Expression:
    """The one expression in ``text``."""
    parser = StatementParser(text, custom_types)
    expression = parser.expression()
    if parser.token.kind != "end":
        parser.fail("the end")
    return expression


def parse_type(text: str, custom_types: Mapping[str, SqlType] | None = None) -> SqlType:
    """The type in ``text``."""
    return StatementParser(text, custom_types).type()


def parse_columns(text: str, custom_types: Mapping[str, SqlType] | None = None) -> tuple[st.ColumnDefinition, ...]:
    """The column definitions in ``text``: ``ID BIGINT KEY, NAME STRING``."""
    return StatementParser(f"({text})", custom_types).column_definitions()


def split_statements(text: str) -> Iterator[tuple[str, int, int]]:
    """Each statement with its semicolon, and the line and column where it starts; the last needs a semicolon."""
    reader = StatementParser(text)
    while reader.token.kind != "end":
        first = reader.token
        while reader.token.kind != "end" and not reader.at(";"):
            reader.advance()
        if reader.token.kind == "end":
            statement = StatementParser(text[first.start :]).statement  # a syntax error before the end comes first
            statement()
            reader.fail(";")
        yield text[first.start : reader.advance().end], first.line, first.column


class StatementParser(QueryParser):
    """Parser of statements; ``_STATEMENTS`` says which method reads what begins with which word."""

    def statement(self) -> Statement:
        token = self.token
        for words, parse in self._STATEMENTS.items():
            if self.at(*words):
                return parse(self)
        starts = sorted({words[0] for words in self._STATEMENTS})
        if token.value not in starts:
            hint = near_miss(token.value, starts) if token.kind == "word" else ""
            detail = f"Unknown statement '{token.text}'{hint}"
            raise KsqlSyntaxError(f"Syntax Error\n{detail}", token.line, token.column, self.text)
        self.advance()
        raise self.failure(
            *sorted({words[1] for words in self._STATEMENTS if words[0] == token.value and len(words) > 1})
        )

    # --- definitions -------------------------------------------------------------------------------------------

    def _create(self) -> Statement:
        self.expect("CREATE")
        or_replace = self.accept("OR", "REPLACE")
        if not or_replace and self.accept("TYPE"):
            return self._create_type()
        if not or_replace and (self.at("SINK", "CONNECTOR") or self.at("SOURCE", "CONNECTOR")):
            return self._create_connector()
        read_only = self.accept("SOURCE")
        kind = self.expect_one_of("STREAM", "TABLE")
        if_not_exists = self.accept("IF", "NOT", "EXISTS")
        name = self.name()
        columns = self.column_definitions() if self.at("(") else ()
        properties = self._properties()
        if not columns and not read_only and self.accept("AS"):
            return st.CreateAs(kind, name, self.query(), properties, or_replace, if_not_exists)
        return st.CreateSource(kind, name, columns, properties, or_replace, if_not_exists, read_only)

    def column_definitions(self) -> tuple[st.ColumnDefinition, ...]:
        self.expect("(")
        columns = self.listed(self._column_definition)
        if not self.accept(")"):
            raise self.mismatch("','", "')'") if self.at("(") else self.failure(")")
        return columns

    def _column_definition(self) -> st.ColumnDefinition:
        location = self.token.location
        name, of = self.name(), self.type()
        if self.accept("PRIMARY", "KEY"):
            return st.ColumnDefinition(name, of, Place.KEY, primary=True, location=location)
        if self.accept("KEY"):
            return st.ColumnDefinition(name, of, Place.KEY, location=location)
        if self.accept("HEADERS"):
            return st.ColumnDefinition(name, of, Place.HEADERS)
        if self.accept("HEADER", "("):
            header = self.string()
            self.expect(")")
            return st.ColumnDefinition(name, of, Place.HEADERS, header=header)
        return st.ColumnDefinition(name, of)

    def _properties(self) -> dict[str, ex.Expression]:
        return dict(self.enclosed(self._property)) if self.accept("WITH") else {}

    def _property(self) -> tuple[str, ex.Expression]:
        name = self.string().upper() if self.token.kind == "string" else self.advance().value.upper()
        while self.accept("."):
            name += "." + self.advance().value.upper()
        self.expect("=")
        negative = self.accept("-")
        value = self._literal()
        if value is None:
            self.fail("a literal")
        if negative and isinstance(value, ex.IntegerLiteral):
            value = ex.IntegerLiteral(-value.value, location=value.location)
        return name, value

    def _create_type(self) -> Statement:
        if_not_exists = self.accept("IF", "NOT", "EXISTS")
        name = self.name()
        self.expect("AS")
        return st.CreateType(name, self.type(), if_not_exists)

    def _create_connector(self) -> Statement:
        kind = self.advance().value
        self.expect("CONNECTOR")
        if_not_exists = self.accept("IF", "NOT", "EXISTS")
        name = self.name()
        properties = dict(self.enclosed(self._connector_property)) if self.accept("WITH") else {}
        return st.ConnectorStatement(f"CREATE {kind} CONNECTOR", name, properties, if_not_exists=if_not_exists)

    def _connector_property(self) -> tuple[str, ex.Expression]:
        """A property of a connector: its name is the connector's, letter by letter."""
        token = self.advance()
        name = token.value if token.kind in ("string", "quoted") else token.text
        while self.accept("."):
            name += "." + self.advance().text
        self.expect("=")
        value = self._literal()
        if value is None:
            self.fail("a literal")
        return name, value

    def _drop(self) -> Statement:
        self.expect("DROP")
        what = self.expect_one_of("STREAM", "TABLE", "TYPE", "CONNECTOR")
        if_exists = self.accept("IF", "EXISTS")
        name = self.name()
        if what == "TYPE":
            return st.DropType(name, if_exists)
        if what == "CONNECTOR":
            return st.ConnectorStatement("DROP CONNECTOR", name, if_exists=if_exists)
        return st.DropSource(what, name, if_exists, self.accept("DELETE", "TOPIC"))

    def _alter(self) -> Statement:
        self.expect("ALTER")
        if self.accept("SYSTEM"):
            name, value = self._assignment()
            return st.AlterSystem(name, value)
        kind = self.expect_one_of("STREAM", "TABLE", "SYSTEM")
        name = self.name()
        return st.AlterSource(kind, name, self.listed(self._added_column))

    def _added_column(self) -> st.ColumnDefinition:
        self.expect("ADD")
        self.accept("COLUMN")
        return st.ColumnDefinition(self.name(), self.type())

    # --- queries and data --------------------------------------------------------------------------------------

    def _select(self) -> Statement:
        return st.Select(self.query())

    def _insert(self) -> Statement:
        self.expect("INSERT", "INTO")
        place = self.token
        target = self.name()
        if self.at("SELECT") or self.at("WITH"):
            properties = self._properties()
            return st.InsertInto(target, self.query(), properties, place.location)
        columns = self.enclosed(self.name) if self.at("(") else ()
        self.expect("VALUES")
        return st.InsertValues(target, columns, self.enclosed(self.expression))

    def _terminate(self) -> Statement:
        self.advance()
        return st.Terminate(self._query_id())

    def _pause(self) -> Statement:
        self.advance()
        return st.Pause(self._query_id())

    def _resume(self) -> Statement:
        self.advance()
        return st.Resume(self._query_id())

    def _query_id(self) -> str | None:
        return None if self.accept("ALL") else self.name()

    # --- session -----------------------------------------------------------------------------------------------

    def _assignment(self) -> tuple[str, str]:
        name = self.string()
        self.expect("=")
        return name, self.string()

    def _set(self) -> Statement:
        self.advance()
        return st.Set(*self._assignment())

    def _unset(self) -> Statement:
        self.advance()
        return st.Unset(self.string())

    def _define(self) -> Statement:
        self.advance()
        if not re.fullmatch(NAME, self.token.text):
            self.fail("a letter or an underscore, and then letters, digits and underscores")
        name = self.advance().text
        self.expect("=")
        return st.Define(name, self.string())

    def _undefine(self) -> Statement:
        self.advance()
        return st.Undefine(self.advance().text)

    # --- looking -----------------------------------------------------------------------------------------------

    def _show(self) -> Statement:
        self.advance()
        everything = self.accept("ALL")
        scope = None
        if self.token.value in ("SOURCE", "SINK") and self.ahead().value == "CONNECTORS":
            scope = self.advance().value
        what = self.expect_one_of(
            "STREAMS", "TABLES", "TOPICS", "QUERIES", "PROPERTIES", "FUNCTIONS", "TYPES", "VARIABLES", "CONNECTORS",
            "CONNECTOR",
        )  # fmt: skip
        if what == "CONNECTOR":
            self.expect("PLUGINS")
            what = "CONNECTOR PLUGINS"
        return st.Show(what, self.accept("EXTENDED"), everything, scope)

    def _describe(self) -> Statement:
        self.advance()
        if self.accept("FUNCTION"):
            return st.DescribeFunction(self.name())
        if self.accept("CONNECTOR"):
            return st.ConnectorStatement("DESCRIBE CONNECTOR", self.name())
        for what in ("STREAMS", "TABLES"):
            if self.accept(what):
                return st.DescribeSources(what, self.accept("EXTENDED"))
        return st.Describe(self.name(), self.accept("EXTENDED"))

    def _explain(self) -> Statement:
        self.advance()
        analyze = self.accept("ANALYZE")
        if self.at("SELECT") or self.at("CREATE") or self.at("INSERT"):
            return st.Explain(None, self.statement(), analyze)
        return st.Explain(self.name(), analyze=analyze)

    def _print(self) -> Statement:
        self.advance()
        token = self.advance()
        topic = token.value if token.kind in ("quoted", "string") else token.text
        while self.token.value in (".", "-") and self.token.start == self.tokens[self.index - 1].end:
            topic += self.advance().text + self.advance().text
        from_beginning = self.accept("FROM", "BEGINNING")
        interval = self.integer() if self.accept("INTERVAL") or self.accept("SAMPLE") else None
        limit = self.integer() if self.accept("LIMIT") else None
        return st.Print(topic, from_beginning, interval, limit)

    def _assert(self) -> Statement:
        self.advance()
        if self.accept("VALUES"):
            return self._assert_values(tombstone=False)
        if self.accept("NULL", "VALUES"):
            return self._assert_values(tombstone=True)
        if self.at("STREAM") or self.at("TABLE"):
            kind = self.advance().value
            name = self.name()
            columns = self.column_definitions() if self.at("(") else ()
            return st.AssertSource(st.CreateSource(kind, name, columns, self._properties()))
        exists = not self.accept("NOT", "EXISTS")
        if self.accept("TOPIC"):
            token = self.advance()
            topic = token.value if token.kind in ("quoted", "string") else token.text
            return st.AssertTopic(topic, self._properties(), self._timeout(), exists)
        self.expect("SCHEMA")
        subject = schema_id = None
        if self.accept("SUBJECT"):
            token = self.advance()
            subject = token.value if token.kind in ("quoted", "string") else token.text
        if self.accept("ID"):
            schema_id = self.integer()
        return st.AssertSchema(subject, schema_id, self._timeout(), exists)

    def _assert_values(self, tombstone: bool) -> Statement:
        target = self.name()
        columns = self.enclosed(self.name) if self.at("(") else ()
        self.expect("KEY" if tombstone else "VALUES")
        return st.AssertValues(target, columns, self.enclosed(self.expression), tombstone)

    def _timeout(self) -> st.Duration | None:
        return self.duration() if self.accept("TIMEOUT") else None

    _STATEMENTS: Mapping[tuple[str, ...], Callable[[StatementParser], Statement]] = {
        ("ALTER",): _alter,
        ("ASSERT",): _assert,
        ("CREATE",): _create,
        ("DEFINE",): _define,
        ("DESC",): _describe,
        ("DESCRIBE",): _describe,
        ("DROP",): _drop,
        ("EXPLAIN",): _explain,
        ("INSERT", "INTO"): _insert,
        ("LIST",): _show,
        ("PAUSE",): _pause,
        ("PRINT",): _print,
        ("RESUME",): _resume,
        ("SELECT",): _select,
        ("SET",): _set,
        ("SHOW",): _show,
        ("TERMINATE",): _terminate,
        ("UNDEFINE",): _undefine,
        ("UNSET",): _unset,
    }


STATEMENT_STARTS = tuple(StatementParser._STATEMENTS)
"""The words with which statements begin."""
