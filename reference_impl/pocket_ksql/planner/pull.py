"""What a pull query may ask: its clauses, its columns, and its WHERE where tables may not be scanned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.resolve import Resolved
from pocket_ksql.schema import WINDOW_BOUNDS, Column
from pocket_ksql.source import Source

ENABLED = "ksql.pull.queries.enable"
ON_STREAMS = "ksql.query.pull.stream.enabled"
TABLE_SCAN = "ksql.query.pull.table.scan.enabled"
RANGE_SCAN = "ksql.query.pull.range.scan.enabled"

_NOT_KEPT = frozenset({"ROWPARTITION", "ROWOFFSET"})
_RANGES = frozenset({"<", "<=", ">", ">="})
_MORE_INFO = " See https://cnfl.io/queries for more info."
_SCANS = f"""
Add EMIT CHANGES if you intended to issue a push query.
Pull queries require a WHERE clause that:
 - includes a key equality expression, e.g. `SELECT * FROM X WHERE <key-column> = Y;`.
 - in the case of a multi-column key, is a conjunction of equality expressions that cover all key columns.
 - to support range expressions, e.g.,  SELECT * FROM X WHERE <key-column> < Y;`, range scans need to be enabled by \
setting {RANGE_SCAN}=true
If more flexible queries are needed, , table scans can be enabled by setting {TABLE_SCAN}=true."""
"""What ksqlDB says of a WHERE that names no keys, letter by letter (issue 10434 of confluentinc/ksql)."""


def check(query: Resolved) -> Source:
    """The one source of a pull query; raises ``KsqlStatementError`` for what only push queries have."""
    tree = query.query
    for present, clause in (
        (tree.joins, "JOIN"),
        (tree.group_by, "GROUP BY"),
        (tree.partition_by, "PARTITION BY"),
        (tree.having, "HAVING"),
        (tree.window, "WINDOW"),
    ):
        if present:
            raise KsqlStatementError(
                f"Pull queries don't support {clause} clauses.{_MORE_INFO}"
                "\nAdd EMIT CHANGES if you intended to issue a push query."
            )
    selected = [one.expression for one in tree.select if isinstance(one, st.SelectColumn)]
    for clause, expressions in (("SELECT", selected), ("WHERE", [tree.where] if tree.where is not None else [])):
        names = {one.name for expression in expressions for one in _columns(expression)} & _NOT_KEPT
        if names:
            shown = ", ".join(map(types.quoted, sorted(names)))
            raise KsqlStatementError(f"Pull queries don't support the following columns in {clause} clauses: {shown}")
    return query.sources[0].source


def check_enabled(source: Source, properties: Mapping[str, Any]) -> None:
    """Raise ``KsqlStatementError`` where pull queries, or those on streams, are switched off."""
    if not _enabled(properties, ENABLED):
        raise KsqlStatementError(
            f"Pull queries are disabled.{_MORE_INFO}\nAdd EMIT CHANGES if you intended to issue a push query."
            f"\nPlease set {ENABLED}=true to enable this feature."
        )
    if not source.is_table and not _enabled(properties, ON_STREAMS):
        raise KsqlStatementError(
            "Pull queries on streams are disabled. To create a push query on the stream, add EMIT CHANGES to the end. "
            f"To enable pull queries on streams, set the {ON_STREAMS} config to 'true'."
        )


def check_where(where: Expression | None, source: Source, properties: Mapping[str, Any]) -> None:
    """Refuse keys of another type and, where tables may not be scanned, a WHERE that does not name keys."""
    keys = {column.name: column for column in source.schema.key}
    if where is not None:
        _check_key_lists(where, keys)
    if _enabled(properties, TABLE_SCAN):
        return
    if where is None:
        raise KsqlStatementError("Missing WHERE clause." + _MORE_INFO + _SCANS)
    for disjunct in _disjuncts(where):
        _Disjunct(keys, ranges=_enabled(properties, RANGE_SCAN)).check(disjunct)


def _enabled(properties: Mapping[str, Any], name: str) -> bool:
    return str(properties.get(name, "true")).lower() == "true"


def _columns(expression: Expression) -> Iterator[ex.ColumnRef]:
    return (one for one in ex.walk(expression) if isinstance(one, ex.ColumnRef))


def _check_key_lists(where: Expression, keys: Mapping[str, Column]) -> None:
    for one in ex.walk(where):
        if not (isinstance(one, ex.InList) and isinstance(one.value, ex.ColumnRef)):
            continue
        key = keys.get(one.value.name)
        for item in one.items:
            if key is not None and isinstance(item, ex.StringLiteral) and types.is_numeric(key.type):
                raise KsqlStatementError(
                    f"'{item.value}' can not be converted to the type of the key column: {key.name} {key.type} KEY"
                )


def _disjuncts(where: Expression) -> list[Expression]:
    """The parts of ``where`` in disjunctive normal form."""
    match where:
        case ex.Logical("OR", left, right):
            return [*_disjuncts(left), *_disjuncts(right)]
        case ex.Logical("AND", left, right):
            return [ex.Logical("AND", one, other) for one in _disjuncts(left) for other in _disjuncts(right)]
    return [where]


def _conjuncts(disjunct: Expression) -> list[Expression]:
    match disjunct:
        case ex.Logical("AND", left, right):
            return [*_conjuncts(left), *_conjuncts(right)]
    return [disjunct]


def _shown(expression: Expression) -> str:
    """``expression`` without the name of its one source."""

    def bare(one: Expression) -> Expression | None:
        return replace(one, source=None) if isinstance(one, ex.ColumnRef) else None

    return format_expression(ex.transform(expression, bare))


class _Disjunct:
    """Finds the keys that one part of a WHERE names."""

    def __init__(self, keys: Mapping[str, Column], *, ranges: bool) -> None:
        self._keys = keys
        self._ranges = ranges
        self._seen: list[str] = []
        self._range = False

    def check(self, disjunct: Expression) -> None:
        """Raise ``KsqlStatementError`` when the keys are not all there."""
        for part in _conjuncts(disjunct):
            self._part(part)
        missing = [name for name in self._keys if name not in self._seen]
        if not self._seen:
            raise _refused(f"WHERE clause missing key column for disjunct: {_shown(disjunct)}")
        if missing:
            raise _refused(
                "Multi-column sources must specify every key in the WHERE clause. "
                f"Specified: {self._seen} Expected: {[f'`{one.name}` {one.type} KEY' for one in self._keys.values()]}."
            )

    def _part(self, part: Expression) -> None:
        match part:
            case ex.Comparison(operator, left, right):
                column, other = (left, right) if isinstance(left, ex.ColumnRef) else (right, left)
                self._comparison(column, [other], operator)
            case ex.InList(value, items):
                self._comparison(value, items, "=")
            case ex.Like(value, _) if not isinstance(value, ex.ColumnRef):
                raise _refused("Like condition must be between strings")

    def _comparison(self, column: Expression, others: Sequence[Expression], operator: str) -> None:
        if not isinstance(column, ex.ColumnRef):
            raise _refused("A comparison must directly reference a key column.")
        if column.name in WINDOW_BOUNDS or column.name not in self._keys:
            return
        if any(True for other in others for _ in _columns(other)):
            raise _refused("A comparison must be between a key column and a resolvable expression.")
        if operator != "=" and not (self._ranges and operator in _RANGES):
            raise _refused(f"Bound on key columns must be equal (=), but is {operator}.")
        if self._range or column.name in self._seen:
            what = "An equality" if operator == "=" and not self._range else "A comparison"
            raise _refused(
                f"{what} condition on the key column cannot be combined with other comparisons such as an IN predicate."
            )
        self._range = operator != "="
        self._seen.append(column.name)


def _refused(message: str) -> KsqlStatementError:
    return KsqlStatementError(f"{message.rstrip('.')}.{_MORE_INFO}{_SCANS}")
