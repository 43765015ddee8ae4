"""FROM with JOIN to join steps: the conditions taken apart, both sides keyed alike, the result's key found."""

from __future__ import annotations

from collections.abc import Sequence

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.draft import Draft, read
from pocket_ksql.planner.plan import ForeignKeyJoin, Rekey, Step, StreamStreamJoin, StreamTableJoin, TableTableJoin
from pocket_ksql.schema import Column, Place
from pocket_ksql.source import WindowKind

_NO_WITHIN = (
    "Stream-Stream joins must have a WITHIN clause specified. None was provided. To learn about how to specify a "
    "WITHIN clause with a stream-stream join, please visit: "
    "https://docs.confluent.io/current/ksql/docs/syntax-reference.html#create-stream-as-select"
)
_REPARTITIONING = (
    "Implicit repartitioning of windowed sources is not supported. "
    "See https://github.com/confluentinc/ksql/issues/4385."
)


def build(draft: Draft) -> Step:
    """The steps of all joins, left to right; tells the draft which columns may stand for the key."""
    sources = draft.resolved.sources
    unsupported = [one.source.name for one in sources if one.source.value_format.name == "KAFKA"]
    if unsupported:
        raise KsqlStatementError(
            f"Source(s) {', '.join(unsupported)} are using the 'KAFKA' value format. "
            "This format does not yet support JOIN."
        )
    left: Step = read(sources[0], f"{sources[0].alias}_")
    seen = {sources[0].alias}
    viable: list[Expression] = [ex.ColumnRef(name) for name in left.key]
    draft.key_label = "join expression"
    for one, join in zip(sources[1:], draft.query.joins, strict=True):
        right: Step = read(one, f"{one.alias}_")
        left_on, right_on = _sides(draft, join, seen, one.alias)
        _check_types(draft, join, left, right, left_on, right_on)
        left, viable = _join(draft, join, left, right, left_on, right_on, viable)
        seen.add(one.alias)
    draft.viable_keys = [one.name for one in viable if isinstance(one, ex.ColumnRef)]
    return left


def _shown(join: st.Join, after_left: str = "", after_right: str = "") -> str:
    """The condition without its parentheses, perhaps with a word on either side."""
    condition = join.condition
    assert isinstance(condition, ex.Comparison)
    left, right = format_expression(condition.left), format_expression(condition.right)
    return f"{left}{after_left} = {right}{after_right}"


_KINDS = {"INNER": "[INNER]", "LEFT": "LEFT [OUTER]", "RIGHT": "RIGHT [OUTER]", "OUTER": "[FULL] OUTER"}


def _shown_join(draft: Draft, join: st.Join) -> str:
    """``ORDERS LEFT [OUTER] JOIN CUSTOMERS``; of several joins the left is the join before."""
    position = draft.query.joins.index(join)
    left = draft.resolved.sources[position].source.name
    return f"{left} {_KINDS[join.kind]} JOIN {draft.resolved.source(join.right.alias).source.name}"


def _sides(draft: Draft, join: st.Join, left: set[str], right: str) -> tuple[Expression, Expression]:
    """The expressions on the left and on the right of the condition's equals sign, turned round if need be."""
    condition = join.condition
    if isinstance(condition, ex.Logical):
        raise KsqlStatementError(
            "Invalid join condition: joins on multiple conditions are not yet supported. "
            f"Got {format_expression(condition)}."
        )
    if not (isinstance(condition, ex.Comparison) and condition.operator == "="):
        raise KsqlStatementError(
            f"Unsupported join expression: {format_expression(condition)}. Only equality joins are supported."
        )

    draft.check_scalar("JOIN ON", condition)

    def used(expression: Expression) -> set[str]:
        return {one.source for one in ex.walk(expression) if isinstance(one, ex.ColumnRef) and one.source}

    first, second = used(condition.left), used(condition.right)
    for side, sources in ((condition.left, first), (condition.right, second)):
        if len(sources) != 1:
            raise KsqlStatementError(
                f"Invalid comparison expression '{format_expression(side)}' in join '{format_expression(condition)}'. "
                "Each side of the join comparision must contain references from exactly one source."
            )
    if first <= left and second == {right}:
        return draft.internal(condition.left), draft.internal(condition.right)
    if second <= left and first == {right}:
        return draft.internal(condition.right), draft.internal(condition.left)
    raise KsqlStatementError(
        f"Invalid comparison expression '{format_expression(condition)}' in join. Joins must only contain a field "
        "comparison."
    )


def _check_types(
    draft: Draft, join: st.Join, left: Step, right: Step, left_on: Expression, right_on: Expression
) -> None:
    left_type, right_type = draft.type_of(left_on, left), draft.type_of(right_on, right)
    if left_type != right_type:
        assert isinstance(join.condition, ex.Comparison)
        turned = draft.internal(join.condition.left) != left_on
        first, second = (right_type, left_type) if turned else (left_type, right_type)
        raise KsqlStatementError(
            f"Invalid join condition: types don't match. Got {_shown(join, f'{{{first}}}', f'{{{second}}}')}."
        )


def _key_expressions(join: st.Join, left: list[Expression], right_on: Expression) -> list[Expression]:
    """What equals the result's key, its own column first; nothing when it needs a column of its own."""
    if join.kind == "OUTER":
        return []
    return [right_on, *left] if join.kind == "RIGHT" else [*left, right_on]


def _keyed(draft: Draft, step: Step, on: Expression, viable: Sequence[Expression] = ()) -> Step:
    """``step`` with ``on`` as its key; ``viable`` are the expressions that its key equals already."""
    if (isinstance(on, ex.ColumnRef) and step.key == (on.name,)) or (on in viable and len(step.key) == 1):
        return step
    if step.window is not None:
        raise KsqlStatementError(_REPARTITIONING)
    of = draft.type_of(on, step)
    if isinstance(on, ex.ColumnRef):
        return Rekey(step.columns, (on.name,), False, None, step, ((Column(on.name, of, Place.KEY), on),))
    name = f"KSQL_JOIN_KEY_{len(step.columns)}"
    column = Column(name, of, Place.KEY)
    return Rekey((*step.columns, column), (name,), False, None, step, ((column, on),))


def _join(
    draft: Draft,
    join: st.Join,
    left: Step,
    right: Step,
    left_on: Expression,
    right_on: Expression,
    viable: list[Expression],
) -> tuple[Step, list[Expression]]:
    kind = join.kind
    if join.within is not None and (left.is_table or right.is_table):
        what = "Stream-Table" if not left.is_table else "Table-Table"
        raise KsqlStatementError(
            f"A window definition was provided for a {what} join. These joins are not windowed. "
            "Please drop the window definition (ie. the WITHIN clause) and try to execute your join again."
        )
    if left.is_table and not right.is_table:
        raise KsqlStatementError(
            "Invalid join order: table-stream joins are not supported; only stream-table joins. "
            f"Got {_shown_join(draft, join)}."
        )
    if left.is_table:
        return _table_table(draft, join, left, right, left_on, right_on, viable)
    if right.is_table:
        if kind in ("OUTER", "RIGHT"):
            raise KsqlStatementError(
                f"Invalid join type: {'full' if kind == 'OUTER' else 'right'}-outer join not supported for "
                f"stream-table join. Got {_shown_join(draft, join)}."
            )
        if not (isinstance(right_on, ex.ColumnRef) and right.key == (right_on.name,)):
            raise KsqlStatementError(_not_primary_key(draft, join, right, right_on))
    elif join.within is None:
        raise KsqlStatementError(_NO_WITHIN)
    same = viable if left_on in viable else [left_on]
    names = _key_expressions(join, same, right_on)
    left = _keyed(draft, left, left_on, viable)
    right = right if right.is_table else _keyed(draft, right, right_on)
    columns, key, names = _result(draft, left, right, names, draft.type_of(left_on, left))
    _check_windows(left, right)
    window = left.window
    if right.is_table:
        return StreamTableJoin(columns, key, False, window, left, right, kind), names
    assert join.within is not None
    within = join.within
    grace = within.grace.milliseconds if within.grace else None
    step = StreamStreamJoin(
        columns, key, False, window, left, right, kind, within.before.milliseconds, within.after.milliseconds, grace
    )
    return step, names


def _check_windows(left: Step, right: Step) -> None:
    """Refuse sides whose keys cannot be equal: both carry a window of the same kind, or neither does."""
    one, other = left.window, right.window
    if (one is None) != (other is None):
        raise KsqlStatementError(_REPARTITIONING)
    if one and other and (one.kind is WindowKind.SESSION) != (other.kind is WindowKind.SESSION):
        raise KsqlStatementError(
            f"Incompatible windowed sources.\nLeft source: {one.kind.value}\nRight source: {other.kind.value}\n"
            "Session windows can only be joined to session windows, and only where their bounds are the same; "
            "hopping and tumbling windows can only be joined to hopping and tumbling windows."
        )


def _result(
    draft: Draft, left: Step, right: Step, names: list[Expression], of: types.SqlType
) -> tuple[tuple[Column, ...], tuple[str, ...], list[Expression]]:
    columns = (*left.columns, *right.columns)
    first = next((one for one in names if isinstance(one, ex.ColumnRef)), None)
    if first is not None:
        return columns, (first.name,), names
    name = "ROWKEY"
    taken = {column.name for one in draft.resolved.sources for column in one.source.schema}
    taken |= {column.name for column in columns}
    number = 0
    while name in taken:
        number += 1
        name = f"ROWKEY_{number}"
    draft.synthetic_key = True
    return (*columns, Column(name, of, Place.KEY)), (name,), [ex.ColumnRef(name), *names]


def _not_primary_key(draft: Draft, join: st.Join, right: Step, on: Expression) -> str:
    return f"Invalid join condition: stream-table joins require to join on the table's primary key. Got {_shown(join)}."


def _table_table(
    draft: Draft,
    join: st.Join,
    left: Step,
    right: Step,
    left_on: Expression,
    right_on: Expression,
    viable: list[Expression],
) -> tuple[Step, list[Expression]]:
    def is_key(step: Step, on: Expression, also: list[Expression]) -> bool:
        return isinstance(on, ex.ColumnRef) and len(step.key) == 1 and (on.name in step.key or on in also)

    if not is_key(right, right_on, []):
        raise KsqlStatementError(
            f"Invalid join condition: table-table joins require to join on the primary key of the right input table. "
            f"Got {_shown(join)}."
        )
    _check_windows(left, right)
    if is_key(left, left_on, viable):
        names = _key_expressions(join, viable, right_on)
        columns, key, names = _result(draft, left, right, names, draft.type_of(left_on, left))
        return TableTableJoin(columns, key, True, left.window, left, right, join.kind), names
    if isinstance(left, (TableTableJoin, ForeignKeyJoin)):
        raise KsqlStatementError(
            "Invalid join condition: foreign-key table-table joins are not supported as part of n-way joins. Got "
            f"{_shown(join)}."
        )
    if join.kind in ("OUTER", "RIGHT"):
        raise KsqlStatementError(
            f"Invalid join type: {'full' if join.kind == 'OUTER' else 'right'}-outer join not supported for "
            f"foreign-key table-table join. Got {_shown_join(draft, join)}."
        )
    columns = (*left.columns, *right.columns)
    return ForeignKeyJoin(columns, left.key, True, None, left, right, join.kind, left_on), viable
