"""From a query's syntax tree to something that runs: persistent, push and pull queries."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pocket_ksql.codegen import aggregates, pull
from pocket_ksql.codegen.query import Context, QueryTask, type_of
from pocket_ksql.codegen.sinks import KeepingSink, RowSink, TopicSink
from pocket_ksql.columnar.choice import attached
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.operators.store import Store
from pocket_ksql.planner import builder, copartitioning, scalable
from pocket_ksql.planner import pull as pull_rules
from pocket_ksql.planner.draft import read
from pocket_ksql.planner.plan import Plan, Project, aggregate_of
from pocket_ksql.planner.resolve import AliasedSource, Resolved, resolve
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import PersistentQuery, PullQuery, Row, RowTask, Task, TransientQuery, result_columns
from pocket_ksql.records import Record, Rejected
from pocket_ksql.schema import WINDOW_BOUNDS
from pocket_ksql.source import Source
from pocket_ksql.world import World

RESULTS = "results"
NEW_PLANNER = "ksql.new.query.planner.enabled"
_transient_numbers = itertools.count(1)


def resolved(world: World, statement: PreparedStatement, query: st.Query) -> Resolved:
    """The query with its names resolved; errors carry the statement's text."""
    try:
        return resolve(query, world.metastore)
    except KsqlStatementError as error:
        message = error.message
        if message.endswith(" does not exist."):
            message = f"Exception while preparing statement: {message}"
        raise KsqlStatementError(message, error.statement_text or statement.text) from None


def plan(world: World, query: Resolved, properties: Mapping[str, Any], sink: str | None) -> Plan:
    """The steps of a query."""
    keyless = str(properties.get(NEW_PLANNER, "false")).lower() == "true"
    planned = builder.build(query, world.functions, type_of(world.functions), sink, keyless)
    copartitioning.check(planned.root, world.topics)
    return planned


def check_storable(world: World, query: Plan) -> None:
    """Refuse aggregates whose state the source's value format cannot hold."""
    step = aggregate_of(query.root)
    if step is not None:
        aggregates.check_storable(step, world.functions, query.sources[0].value_format.name)


def _topics(plan: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.topic for source in plan.sources))


def persistent_query(
    world: World, query_id: str, text: str, plan: Plan, sink: Source, properties: Mapping[str, Any]
) -> PersistentQuery:
    """A query that writes to ``sink``. Its schemas are registered, and mistakes found, by compiling it once here."""
    context = Context(world.functions, world.schemas, properties)

    def open_task(cache_bytes: int = 0) -> Task:
        def make_sink(task: QueryTask) -> TopicSink:
            if sink.is_table:
                task.results = task.stores[RESULTS] = Store(RESULTS)
            return TopicSink(task, plan, sink, world.schemas)

        return attached(QueryTask(plan, context, make_sink, cache_bytes), plan, sink, context)

    open_task()
    return PersistentQuery(
        query_id,
        text,
        tuple(source.name for source in plan.sources),
        _topics(plan),
        sink,
        sink.schema,
        dict(properties),
        open_task,
        sink.window.kind.value if sink.window else None,
        plan,
    )


def materialising_query(world: World, source: Source, query_id: str, properties: Mapping[str, Any]) -> PersistentQuery:
    """A query that keeps a table for pull queries and writes nothing."""
    step = read(AliasedSource(source.name, source))
    kept = Plan(step, step.columns, (source,))
    context = Context(world.functions, world.schemas, properties)

    def open_task(cache_bytes: int = 0) -> Task:
        def make_sink(task: QueryTask) -> KeepingSink:
            task.results = task.stores[RESULTS] = Store(RESULTS)
            return KeepingSink(task)

        return QueryTask(kept, context, make_sink, cache_bytes)

    open_task()
    window = source.window.kind.value if source.window else None
    return PersistentQuery(
        query_id, source.statement_text, (source.name,), (source.topic,), None, source.schema, dict(properties),
        open_task, window, kept,
    )  # fmt: skip


class LimitedTask:
    """A task that hands out rows up to a limit; ``is_seen`` says which records lead to any."""

    def __init__(self, task: QueryTask, limit: int | None, is_seen: Callable[[Record], bool] | None = None) -> None:
        self._task = task
        self._left = limit
        self._is_seen = is_seen

    @property
    def rejected(self) -> list[Rejected]:
        return self._task.rejected

    @property
    def done(self) -> bool:
        return self._left is not None and self._left <= 0

    def process(self, topic: str, records: Sequence[Record]) -> list[Row]:
        seen = records if self._is_seen is None else list(filter(self._is_seen, records))
        rows = self._limited(self._task.process(topic, seen))
        self._task.forget_changes()
        return rows

    def flush(self) -> list[Row]:
        return self._limited(self._task.flush())

    def release(self) -> list[Row]:
        return self._limited(self._task.release())

    def _limited(self, rows: list[Row]) -> list[Row]:
        if self._left is None:
            return rows
        rows = rows[: max(self._left, 0)]
        self._left -= len(rows)
        return rows


def push_query(
    world: World,
    statement: PreparedStatement,
    query: st.Query,
    properties: Mapping[str, Any],
    bounded: bool = False,
) -> TransientQuery:
    """A query whose rows go to the caller."""
    try:
        found = resolved(world, statement, query)
        planned = plan(world, found, properties, None)
    except KsqlStatementError as error:
        raise KsqlStatementError(error.message, error.statement_text or statement.text, error.error_code) from None
    context = Context(world.functions, world.schemas, properties)
    scales = not bounded and scalable.is_scalable(found, world.metastore, properties)
    is_seen = scalable.is_seen(planned.sources[0]) if scales else None

    def open_task(cache_bytes: int = 0) -> RowTask:
        task = QueryTask(planned, context, lambda task: RowSink(task, planned), cache_bytes)
        return LimitedTask(task, planned.limit, is_seen)

    open_task()
    kind = "SCALABLE_PUSH_QUERY" if scales else "transient"
    return TransientQuery(
        f"{kind}_{query.source.name}_{next(_transient_numbers)}",
        statement.text,
        result_columns(planned.selected),
        tuple(source.name for source in planned.sources),
        _topics(planned),
        planned.limit,
        open_task,
        bounded,
    )


def pull_query(
    world: World, statement: PreparedStatement, query: st.Query, properties: Mapping[str, Any]
) -> PullQuery | TransientQuery:
    """A query on the state as it is now."""
    found = resolved(world, statement, query)
    try:
        source = pull_rules.check(found)
        pull_rules.check_enabled(source, properties)
        if not source.is_table:
            return push_query(world, statement, replace(query, emit=None), properties, bounded=True)
        keeper = _keeper(world, source)
        planned = plan(world, found, properties, None)
        pull_rules.check_where(found.query.where, source, properties)
        context = Context(world.functions, world.schemas, properties)
        partitions = world.topics.partitions(source.topic) or 1
        rows = pull.compile_lookup(planned, context, keeper.plan, source, partitions)
    except KsqlStatementError as error:
        raise KsqlStatementError(error.message, error.statement_text or statement.text, error.error_code) from None
    return PullQuery(
        f"query_{world.clock()}",
        statement.text,
        result_columns(planned.selected, _kept_keys(planned)),
        source.name,
        keeper.id,
        rows,
        planned.limit,
    )


def _kept_keys(planned: Plan) -> frozenset[str]:
    """Columns of a look-up that are part of the table's key, the bounds of its windows among them."""
    root = planned.root
    keys = set(root.key)
    if isinstance(root, Project) and root.window is not None:
        bounds = [ex.ColumnRef(name) for name in WINDOW_BOUNDS]
        keys.update(column.name for column, expression in root.items if expression in bounds)
    return frozenset(keys)


def _keeper(world: World, source: Source) -> PersistentQuery:
    """The query that keeps the state of a table."""
    for query in world.metastore.queries.values():
        kept = query.sink.name == source.name if query.sink is not None else query.sources == (source.name,)
        if kept and (query.sink is None or query.sink.created_as):
            return query
    raise KsqlStatementError(
        f"The {'`' + source.name + '`'} table isn't queryable. To derive a queryable table, you can do "
        f"'CREATE TABLE QUERYABLE_{source.name} AS SELECT * FROM {source.name}'. "
        "See https://cnfl.io/queries for more info.\nAdd EMIT CHANGES if you intended to issue a push query."
    )
