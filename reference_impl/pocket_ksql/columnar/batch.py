"""What is done with a batch, put together from a query's plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from pocket_ksql import types
from pocket_ksql.codegen.query import Context
from pocket_ksql.codegen.sources import target_of
from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.columnar.limits import RUN
from pocket_ksql.columnar.reading import BatchReader
from pocket_ksql.columnar.rows import Items, RowPart, compile_rows
from pocket_ksql.columnar.vectors import Compute, compile_vector
from pocket_ksql.columnar.writing import SegmentWriter, WriteMatrix, segment_writer
from pocket_ksql.errors import RecordError
from pocket_ksql.language import expressions as ex
from pocket_ksql.planner.plan import Filter, Plan, Project, Read
from pocket_ksql.records import Produced, Record
from pocket_ksql.schema import Column, Place
from pocket_ksql.source import Source

_UNUSUAL = (RecordError, ArithmeticError, ValueError, TypeError)

_Segment = tuple[list[tuple[Column, ex.Expression]], list[Compute] | None]
"""Columns that stand together, and how their vectors are computed, if they are vectors."""


class Batch:
    """What is done with a batch: read, row by row what must be, put together."""

    def __init__(
        self,
        reader: BatchReader,
        on_batch: Callable[..., None],
        needed: Sequence[str],
        segments: Sequence[tuple[list[Compute], WriteMatrix] | None],
        writer: SegmentWriter,
        topic: str,
    ) -> None:
        self._reader = reader
        self._on_batch = on_batch
        self._needed = needed
        self._segments = segments
        self._writer = writer
        self._topic = topic

    def process(self, records: Sequence[Record]) -> list[Produced]:
        """Raises `UnusualError`; nothing has happened then."""
        try:
            return self._process(records)
        except _UNUSUAL as error:
            raise UnusualError from error

    def _process(self, records: Sequence[Record]) -> list[Produced]:
        values = [record.value for record in records]
        if None in values:
            raise UnusualError
        vectors, others = self._reader.read(values)  # type: ignore[arg-type]
        doubles = [[None if one != one else one for one in vectors[name].tolist()] for name in self._needed]
        rows: list[tuple[object, ...]] = []
        self._on_batch(records, others, doubles, rows)
        if not rows:
            return []
        numbers, keys, times, *segments = zip(*rows, strict=True)
        taken = None if len(rows) == len(records) else np.fromiter(numbers, np.intp, len(rows))
        row_segments = iter(segments)
        parts: list[Sequence[bytes]] = []
        for segment in self._segments:
            if segment is None:
                parts.append(next(row_segments))
                continue
            computes, write = segment
            matrix = np.empty((len(records), len(computes)))
            for index, compute in enumerate(computes):
                matrix[:, index] = compute(vectors)
            parts.append(write(matrix if taken is None else matrix[taken]))
        topic, join = self._topic, self._writer.separator.join
        head, tail = self._writer.head, self._writer.tail
        return [
            Produced(topic, key, head + join(pieces) + tail, time)
            for key, time, pieces in zip(keys, times, zip(*parts, strict=True), strict=True)
        ]


def columnar_batch(plan: Plan, sink: Source, context: Context) -> Batch | None:
    """The way for batches of a query that `choice` has let through; ``None`` if it would not pay."""
    root = plan.root
    assert isinstance(root, Project)
    items, step = root.items, root.input
    conditions: list[tuple[ex.Expression, str]] = []
    while isinstance(step, Filter):
        conditions.insert(0, (step.predicate, step.label))
        step = step.input
    assert isinstance(step, Read)
    columns = step.source.schema.value
    reader = BatchReader(columns)
    doubles = frozenset(reader.vectors)
    value_items = [item for item in items if item[0].place is not Place.KEY]
    segments = _segments(value_items, doubles)
    if all(vectors is None for _, vectors in segments):
        return None
    target = target_of(sink, context.schemas, is_key=False)
    writer = segment_writer(sink.value_format.name, target)
    if writer is None:
        return None
    row_segments: list[tuple[Items, Callable[..., bytes | None]]] = []
    vector_segments: list[tuple[list[Compute], WriteMatrix] | None] = []
    at = 0
    for members, vectors in segments:
        written = target.columns[at : at + len(members)]
        at += len(members)
        if vectors is None:
            row_segments.append((members, writer.rows(written)))
            vector_segments.append(None)
        else:
            vector_segments.append((vectors, writer.doubles(written)))
    used = [predicate for predicate, _ in conditions]
    used += [one for members, vectors in segments if vectors is None for _, one in members]
    names = {one.name for expression in used for one in ex.walk(expression) if isinstance(one, ex.ColumnRef)}
    needed = frozenset(names & doubles)
    part = RowPart(step, sink, reader.others, conditions, row_segments, needed)
    on_batch = compile_rows(part, context.schemas, context.functions, context.properties)
    in_order = [column.name for column in columns if column.name in needed]
    return Batch(reader, on_batch, in_order, vector_segments, writer, sink.topic)


def _segments(items: Items, doubles: frozenset[str]) -> list[_Segment]:
    """Runs of at least `RUN` vectors, and what is between them."""
    computes = [
        compile_vector(expression, doubles) if of_column.type == types.DOUBLE else None
        for of_column, expression in items
    ]
    found: list[_Segment] = []
    at = 0
    for is_vector, group in groupby(computes, key=lambda compute: compute is not None):
        run = list(group)
        members = list(items[at : at + len(run)])
        at += len(run)
        if is_vector and len(run) >= RUN:
            found.append((members, [one for one in run if one is not None]))
        elif found and found[-1][1] is None:
            found[-1][0].extend(members)
        else:
            found.append((members, None))
    return found
