"""INSERT INTO … SELECT: the query's columns against those of the stream that it writes to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.planner.plan import Plan, Project, Step
from pocket_ksql.schema import Column, Schema
from pocket_ksql.source import Source


def fitted(plan: Plan, sink: Source) -> Plan:
    """``plan`` with every column cast to the sink's type, where that is wider.

    Raises ``KsqlStatementError`` when the columns differ in number, order, name or place, or in a type that does
    not convert by itself.
    """
    root = plan.root
    key = [column for name in root.key for column in root.columns if column.name == name]
    value = [column for column in root.columns if column.name not in root.key]
    mine, theirs = (*key, *value), (*sink.schema.key, *sink.schema.value)
    written = _written(root)
    fits = len(mine) == len(theirs) and all(
        one.name == other.name
        and (
            types.converts_by_itself(one.type, other.type)
            or (one.name in written and types.converts_by_itself(written[one.name], other.type))
        )
        for one, other in zip(mine, theirs, strict=True)
    )
    if not fits or len(key) != len(sink.schema.key):
        result = Schema(mine)
        raise KsqlStatementError(
            f"Incompatible schema between results and sink.\nResult schema is {result}\nSink schema is {sink.schema}"
        )
    wanted = {column.name: column.type for column in theirs}
    if not isinstance(root, Project) or all(wanted[column.name] == column.type for column in mine):
        return plan
    items = tuple(_cast(column, expression, wanted[column.name]) for column, expression in root.items)
    selected = tuple(replace(column, type=wanted[column.name]) for column in plan.selected)
    return replace(
        plan, root=replace(root, items=items, columns=tuple(column for column, _ in items)), selected=selected
    )


def _written(root: Step) -> dict[str, types.SqlType]:
    """The columns that are a number, and the DECIMAL that it is as written, which may fit where its type does not."""
    if not isinstance(root, Project):
        return {}
    return {
        column.name: types.decimal_type(Decimal(str(expression.value)))
        for column, expression in root.items
        if isinstance(expression, ex.IntegerLiteral | ex.DoubleLiteral)
    }


def _cast(column: Column, expression: Expression, to: types.SqlType) -> tuple[Column, Expression]:
    return replace(column, type=to), expression if column.type == to else ex.Cast(expression, to)
