"""Names in a query to columns of its sources: qualifies every column and gives every column of the result a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.metastore import Metastore
from pocket_ksql.schema import PSEUDO_COLUMNS, WINDOW_BOUNDS, Column, Place
from pocket_ksql.source import Source


@dataclass(frozen=True)
class AliasedSource:
    """A source of a query under the name that the query uses for it."""

    alias: str
    source: Source

    def columns(self) -> Iterator[Column]:
        """Declared columns and pseudo columns."""
        yield from self.source.schema
        for name, of in PSEUDO_COLUMNS.items():
            yield Column(name, of)
        if self.source.window is not None:
            for name, of in WINDOW_BOUNDS.items():
                yield Column(name, of)

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns())


@dataclass(frozen=True)
class Resolved:
    """A query whose columns are qualified and whose result columns all have names (stars stay)."""

    query: st.Query
    sources: tuple[AliasedSource, ...]

    def source(self, alias: str) -> AliasedSource:
        return next(one for one in self.sources if one.alias == alias)


def find_source(metastore: Metastore, name: str) -> Source:
    """The source ``name``; raises ``KsqlStatementError`` if there is none."""
    source = metastore.sources.get(name)
    if source is None:
        raise KsqlStatementError(f"{name} does not exist.")
    return source


def resolve(query: st.Query, metastore: Metastore) -> Resolved:
    """Resolve all names of ``query``; raises ``KsqlStatementError`` for what is unknown or ambiguous."""
    references = [query.source, *(join.right for join in query.joins)]
    sources = tuple(AliasedSource(one.alias, find_source(metastore, one.name)) for one in references)
    names = [one.source.name for one in sources]
    for name in names:
        if names.count(name) > 1 and len(names) > 2:
            raise KsqlStatementError(
                f"N-way joins do not support multiple occurrences of the same source. Source: '{name}'"
            )
        if names.count(name) > 1:
            raise KsqlStatementError(f"Can not join '{name}' to '{name}': self joins are not yet supported.")
    return Resolved(_Resolver(sources, query).query(query), sources)


class _Resolver:
    def __init__(self, sources: tuple[AliasedSource, ...], query: st.Query) -> None:
        self.sources = sources
        self._windowed = query.window is not None
        names = [column.name for one in sources for column in one.columns()]
        self._names = names
        aliases = {item.alias for item in query.select if isinstance(item, st.SelectColumn) and item.alias}
        self._generated = _unused("KSQL_COL_", {*names, *aliases})
        self._fields: set[str] = {*(column.name for one in sources for column in one.source.schema)}

    def query(self, query: st.Query) -> st.Query:
        where, having = query.where, query.having
        joins = tuple(replace(one, condition=self.expression(one.condition, "JOIN ON")) for one in query.joins)
        return replace(
            query,
            select=tuple(map(self._item, query.select)),
            joins=joins,
            where=None if where is None else self.expression(where, "WHERE"),
            group_by=tuple(self.expression(one, "GROUP BY") for one in query.group_by),
            partition_by=tuple(self.expression(one, "PARTITION BY") for one in query.partition_by),
            having=None if having is None else self.expression(having, "HAVING"),
        )

    def _item(self, item: st.SelectItem) -> st.SelectItem:
        match item:
            case st.SelectStar(None):
                return item
            case st.SelectStar(source):
                if all(one.alias != source for one in self.sources):
                    raise KsqlStatementError(f"'{source}' is not a valid stream/table name or alias.")
                return item
            case st.SelectStruct(expression):
                return st.SelectStruct(self.expression(expression, "SELECT"))
        expression = self.expression(item.expression, "SELECT")
        return st.SelectColumn(expression, item.alias or self._alias(expression))

    def _alias(self, expression: Expression) -> str:
        if isinstance(expression, ex.ColumnRef):
            clashes = len(self.sources) > 1 and self._names.count(expression.name) > 1
            return f"{expression.source}_{expression.name}" if clashes else expression.name
        if isinstance(expression, ex.Dereference):
            return self._field_alias(expression.field_name)
        return next(self._generated)

    def _field_alias(self, name: str) -> str:
        alias, count = name, 1
        while alias in self._fields:
            alias, count = f"{name}_{count}", count + 1
        self._fields.add(alias)
        return alias

    def expression(self, expression: Expression, clause: str) -> Expression:
        def qualify(one: Expression) -> Expression | None:
            return self._column(one, clause) if isinstance(one, ex.ColumnRef) else None

        return ex.transform(expression, qualify)

    def _column(self, column: ex.ColumnRef, clause: str) -> Expression:
        candidates = [
            one
            for one in self.sources
            if column.source in (None, one.alias) and (one.has(column.name) or column.name in WINDOW_BOUNDS)
        ]
        if column.source is None and column.name in WINDOW_BOUNDS:
            windowed = [one for one in candidates if one.source.window is not None]
            if not windowed and len(self.sources) > 1:
                raise KsqlStatementError(f"{_place(column)}{clause} column '{column.name}' cannot be resolved.")
            if not windowed and not self._windowed and clause != "SELECT":
                raise KsqlStatementError(f"{_place(column)}{clause} column '{column.name}' cannot be resolved.")
            if not windowed:
                return column
            candidates = windowed
        if not candidates and column.source is None and column.name.startswith("ROWKEY") and len(self.sources) > 1:
            return column  # the key that an outer join makes; the plan knows whether there is one
        if column.source is not None and all(one.alias != column.source for one in self.sources):
            raise KsqlStatementError(f"'{column.source}' is not a valid stream/table name or alias.")
        if not candidates:
            raise KsqlStatementError(f"{_place(column)}{clause} column '{_name(column)}' cannot be resolved.")
        if len(candidates) > 1:
            options = " or ".join(f"{one.alias}.{column.name}" for one in candidates)
            raise KsqlStatementError(f"{_place(column)}Column '{column.name}' is ambiguous. Could be {options}.")
        return replace(column, source=candidates[0].alias)


def _place(column: ex.ColumnRef) -> str:
    return f"Line: {column.location.line}, Col: {column.location.column}: " if column.location else ""


def _name(column: ex.ColumnRef) -> str:
    return f"{column.source}.{column.name}" if column.source else column.name


def _unused(prefix: str, taken: Iterable[str]) -> Iterator[str]:
    names = set(taken)
    number = 0
    while True:
        name = f"{prefix}{number}"
        if name not in names:
            yield name
        number += 1


def is_key(source: Source, name: str) -> bool:
    """Whether ``name`` is a key column of ``source``."""
    column = source.schema.find(name)
    return column is not None and column.place is Place.KEY
