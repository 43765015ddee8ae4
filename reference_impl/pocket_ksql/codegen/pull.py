"""Pull queries: a WHERE and a projection over the rows that a running query keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pocket_ksql.codegen.query import Context
from pocket_ksql.codegen.rows import RowCompiler, Scope
from pocket_ksql.codegen.sinks import key_encoder
from pocket_ksql.formats.json_writer import jsonable
from pocket_ksql.hashing import partition_of
from pocket_ksql.planner.plan import Filter, Plan, Project, Read, Step
from pocket_ksql.schema import Place
from pocket_ksql.source import Source
from pocket_ksql.writer import Writer

Lookup = Callable[[Sequence[Any]], list[list[Any]]]


def compile_lookup(plan: Plan, context: Context, kept: Plan, source: Source, partitions: int) -> Lookup:
    """A function of the running tasks that gives the result's rows."""
    steps: list[Step] = []
    step: Step = plan.root
    while not isinstance(step, Read):
        assert isinstance(step, (Filter, Project))
        steps.append(step)
        step = step.input
    read = step
    reasons: list[str] = []
    compiler = RowCompiler(context.functions, lambda label, error: reasons.append(label), context.properties)
    names = [column.name for column in plan.root.columns]
    order = [names.index(column.name) for column in plan.selected]
    changes = [jsonable(column.type) for column in plan.selected]
    evaluate = _compile(compiler, read, list(reversed(steps)))
    layout = _layout(read, kept)
    limit = plan.limit
    encode_key = key_encoder(source, context.schemas)

    def entries(task: Any) -> Iterable[tuple[Any, Any]]:
        """What a task keeps; with a LIMIT partition by partition in the order of the keys' bytes, as ksqlDB reads."""
        kept = task.results.items()
        return kept if limit is None else sorted(kept, key=place)

    def place(entry: tuple[Any, Any]) -> tuple[int, bytes]:
        key = encode_key(entry[0]) or b""
        return partition_of(key, partitions), key

    def lookup(tasks: Sequence[Any]) -> list[list[Any]]:
        rows: list[list[Any]] = []
        for task in tasks:
            for key, (row, timestamp) in entries(task):
                if limit is not None and len(rows) >= limit:
                    return rows
                found = evaluate(key, layout(key, row, timestamp), timestamp)
                if found is not None:
                    values = [found[index] for index in order]
                    rows.append(
                        [
                            v if change is None or v is None else change(v)
                            for v, change in zip(values, changes, strict=True)
                        ]
                    )
        return rows

    return lookup


def _compile(compiler: RowCompiler, read: Read, steps: list[Step]) -> Callable[[Any, Any, int], Any]:
    writer = Writer()
    with writer.block("def look(key, row, timestamp):"):
        names = [f"r{index}" for index in range(len(read.columns))]
        writer.line(f"{', '.join(names)}, = row")
        from pocket_ksql.codegen.code import Code

        columns = {
            column.name: Code(name, column.type, plain=True) for column, name in zip(read.columns, names, strict=True)
        }
        scope = Scope(columns, tuple(f"key[{index}]" for index in range(len(read.key) + 2)), "timestamp")
        for step in steps:
            if isinstance(step, Filter):
                test = compiler.condition(writer, scope, step.predicate, step.label)
                with writer.block(f"if not {test}:"):
                    writer.line("return None")
            else:
                assert isinstance(step, Project)
                scope = compiler.project(writer, scope, step.items)
        root = steps[-1]
        writer.line(f"return {scope.row_text(root.columns)}")
    return writer.compile("look")


def _layout(read: Read, kept: Plan) -> Callable[[Any, Any, int], tuple[Any, ...]]:
    """Puts a kept row (columns of the keeping query) into the order of the source's columns."""
    kept_names = [column.name for column in kept.root.columns]
    sources: list[tuple[str, int]] = []
    for column in read.columns:
        if column.name == "ROWTIME":
            sources.append(("time", 0))
        elif read.window is not None and column.name in ("WINDOWSTART", "WINDOWEND"):
            sources.append(("key", -2 if column.name == "WINDOWSTART" else -1))
        elif column.name in kept_names:
            sources.append(("row", kept_names.index(column.name)))
        elif column.place is Place.KEY:
            sources.append(("key", list(read.key).index(column.name)))
        else:
            sources.append(("none", 0))

    def pick(key: Any, row: Any, timestamp: int) -> Iterator[Any]:
        for kind, index in sources:
            if kind == "row":
                yield row[index]
            elif kind == "key":
                yield key[index]
            else:
                yield timestamp if kind == "time" else None

    return lambda key, row, timestamp: tuple(pick(key, row, timestamp))
