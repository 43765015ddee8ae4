"""Parsing of SELECT and its clauses."""

from __future__ import annotations

from pocket_ksql.language import statements as st
from pocket_ksql.language.expression_parser import ExpressionParser
from pocket_ksql.language.expressions import Expression


class QueryParser(ExpressionParser):
    """Parser of queries."""

    def query(self) -> st.Query:
        self.expect("SELECT")
        select = self.listed(self._select_item)
        self.expect("FROM")
        source = self._source()
        joins = []
        while (kind := self._join_kind()) is not None:
            joins.append(self._join(kind))
        window = self._window() if self.accept("WINDOW") else None
        where = self.expression() if self.accept("WHERE") else None
        group_by: tuple[Expression, ...] = ()
        partition_by: tuple[Expression, ...] = ()
        having = None
        if self.accept("GROUP", "BY"):
            group_by = self._grouping()
        if self.accept("PARTITION", "BY"):
            partition_by = self._grouping()
        if self.accept("HAVING"):
            having = self.expression()
        emit = self.expect_one_of("CHANGES", "FINAL") if self.accept("EMIT") else None
        limit = self.integer() if self.accept("LIMIT") else None
        return st.Query(select, source, tuple(joins), window, where, group_by, partition_by, having, emit, limit)

    def _select_item(self) -> st.SelectItem:
        location = self.token.location
        if self.accept("*"):
            return st.SelectStar(location=location)
        if self.at_name() and self.ahead().value == "." and self.ahead(2).value == "*":
            source = self.name()
            self.expect(".", "*")
            return st.SelectStar(source, location=location)
        expression = self.expression()
        if self.accept("->", "*"):
            return st.SelectStruct(expression)
        if self.accept("AS"):
            return st.SelectColumn(expression, self.name())
        return st.SelectColumn(expression, self.name() if self.at_name() else None)

    def _source(self) -> st.SourceRef:
        location = self.token.location
        name = self.name()
        if self.accept("AS"):
            return st.SourceRef(name, self.name(), location)
        if self.at_name() and not self._at_clause():
            return st.SourceRef(name, self.name(), location)
        return st.SourceRef(name, name, location)

    def _at_clause(self) -> bool:
        return self.at("PARTITION", "BY") or self.at("EMIT", "CHANGES") or self.at("EMIT", "FINAL")

    def _join_kind(self) -> str | None:
        for kind, spellings in {
            "INNER": (("JOIN",), ("INNER", "JOIN")),
            "LEFT": (("LEFT", "JOIN"), ("LEFT", "OUTER", "JOIN")),
            "RIGHT": (("RIGHT", "JOIN"), ("RIGHT", "OUTER", "JOIN")),
            "OUTER": (("FULL", "JOIN"), ("FULL", "OUTER", "JOIN"), ("OUTER", "JOIN")),
        }.items():
            if any(self.accept(*spelling) for spelling in spellings):
                return kind
        return None

    def _join(self, kind: str) -> st.Join:
        right = self._source()
        within = self._within() if self.accept("WITHIN") else None
        self.expect("ON")
        return st.Join(kind, right, self.expression(), within)

    def _within(self) -> st.Within:
        if self.accept("("):
            before = self.duration()
            self.expect(",")
            after = self.duration()
            self.expect(")")
        else:
            before = after = self.duration()
        grace = self.duration() if self.accept("GRACE", "PERIOD") else None
        return st.Within(before, after, grace)

    def duration(self) -> st.Duration:
        """``5 MINUTES``; the unit is kept in the plural."""
        count = self.integer()
        token = self.token
        unit = token.value if token.value.endswith("S") else token.value + "S"
        if token.kind != "word" or unit not in st.LENGTHS:
            self.fail(*(one for one in st.MILLISECONDS if one in st.LENGTHS))
        self.advance()
        return st.Duration(count, unit)

    def _window(self) -> st.Window:
        kind = self.expect_one_of("TUMBLING", "HOPPING", "SESSION")
        self.expect("(")
        advance = retention = grace = None
        if kind != "SESSION":
            self.expect("SIZE")
        size = self.duration()
        while self.accept(","):
            if self.accept("ADVANCE", "BY"):
                advance = self.duration()
            elif self.accept("RETENTION"):
                retention = self.duration()
            else:
                self.expect("GRACE", "PERIOD")
                grace = self.duration()
        self.expect(")")
        if kind == "HOPPING" and advance is None:
            self.fail("ADVANCE BY")
        return st.Window(kind, size, advance, retention, grace)

    def _grouping(self) -> tuple[Expression, ...]:
        """``a, b`` or ``(a, b)``, which mean the same; a condition needs parentheses of its own: ``(a IS NULL)``."""
        start = self.index
        if self.at("("):
            items = self.enclosed(self.expression, empty=True)
            self.index = start
            if len(items) != 1:
                return self.enclosed(self._sum, empty=True)
        return self.listed(self._sum)
