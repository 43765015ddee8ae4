"""Which queries are run by batches too. Looks without loading what that takes."""

from __future__ import annotations

from pocket_ksql import types
from pocket_ksql.codegen.query import Context, QueryTask
from pocket_ksql.columnar.calls import BatchCallTask, has_batch_calls
from pocket_ksql.columnar.limits import RUN
from pocket_ksql.columnar.task import ColumnarTask
from pocket_ksql.planner.plan import Filter, Plan, Project, Read, Step
from pocket_ksql.queries import Task
from pocket_ksql.source import Source

_OUTPUTS = frozenset({"DELIMITED", "JSON", "AVRO"})


def attached(task: QueryTask, plan: Plan, sink: Source, context: Context) -> Task:
    """``task``, with a second way to take batches if its query has one."""
    if has_batch_calls(plan, context.functions):
        return BatchCallTask(plan, sink, context)
    if not _may_pay(plan, sink):
        return task
    return ColumnarTask(task, plan, sink, context)


def _may_pay(plan: Plan, sink: Source) -> bool:
    """Whether the query filters and projects a stream with many DOUBLE columns, from and to formats in segments."""
    root = plan.root
    if not isinstance(root, Project) or root.is_table or sink.timestamp is not None:
        return False
    step: Step = root.input
    while isinstance(step, Filter):
        step = step.input
    return (
        isinstance(step, Read)
        and not step.prefix
        and may_be_batched(step.source)
        and sink.value_format.name in _OUTPUTS
    )


def may_be_batched(source: Source) -> bool:
    """Whether there are queries on a stream for which it pays to take its records by batches."""
    spec = source.value_format
    doubles = sum(column.type == types.DOUBLE for column in source.schema.value)
    return (
        not source.is_table
        and doubles >= RUN
        and spec.name == "DELIMITED"
        and "delimiter" not in spec.properties
        and source.window is None
        and source.timestamp is None
    )
