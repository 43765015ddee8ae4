"""Where rows go in the end: encoded to a topic, or as lists to the caller of a push query."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql.codegen.query import QueryTask
from pocket_ksql.codegen.rows import Scope
from pocket_ksql.codegen.sources import target_of, timestamp_reader
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.json_writer import jsonable
from pocket_ksql.formats.windowed import join_window
from pocket_ksql.planner.plan import Plan
from pocket_ksql.queries import Deleted
from pocket_ksql.records import Produced, Stage
from pocket_ksql.schema import WINDOW_BOUNDS, Place
from pocket_ksql.services import Schemas
from pocket_ksql.source import Source
from pocket_ksql.writer import Writer

Key = tuple[Any, ...]
Row = tuple[Any, ...]

WRITE_ERRORS = (RecordError, ArithmeticError, ValueError, TypeError, struct.error)


def key_encoder(sink: Source, schemas: Schemas) -> Callable[[Key], bytes | None]:
    """Writes a key, and the bounds of its window after it."""
    encode = find_format(sink.key_format.name).encoder(target_of(sink, schemas, is_key=True))
    window = sink.window
    if not sink.schema.key:
        return lambda key: None
    if window is None:
        null = (None,) * len(sink.schema.key) if sink.key_format.name.startswith("PROTOBUF") else _NULL_KEY
        return lambda key: None if key == null else encode(key)

    def encode_windowed(key: Key) -> bytes | None:
        inner = encode(key[:-2])
        return join_window(inner or b"", key[-2], key[-1], window)

    return encode_windowed


_NULL_KEY = (None,)


class TopicSink:
    """Encodes rows and appends them to ``task.out`` as records of the sink's topic.

    Columns are taken by position: the query's columns in the order of its projection, the sink's in its schema's.
    """

    def __init__(self, task: QueryTask, plan: Plan, sink: Source, schemas: Schemas) -> None:
        self.task = task
        self.sink = sink
        root = plan.root
        self._value_columns = [column for column in root.columns if column.place is not Place.KEY]
        self._encode_key = key_encoder(sink, schemas)
        self._encode_value = find_format(sink.value_format.name).encoder(target_of(sink, schemas, is_key=False))
        self._value_at = [index for index, column in enumerate(root.columns) if column.place is not Place.KEY]
        self._timestamp_at: int | None = None
        self._read_timestamp: Callable[[Any], int] | None = None
        if sink.timestamp is not None:
            column = sink.schema.find(sink.timestamp.column)
            assert column is not None
            self._timestamp_at = [one.name for one in root.columns].index(column.name)
            self._read_timestamp = timestamp_reader(sink.timestamp, column)
        self._columns = root.columns
        value = target_of(sink, schemas, is_key=False)
        self._decode_value = find_format(sink.value_format.name).decoder(value) if _defaults_for_null(sink) else None

    def _kept(self, row: Row) -> Row:
        """What a store gives back for a row: some formats cannot tell NULL from a default."""
        if self._decode_value is None:
            return row
        data = self._encode_value(tuple([row[index] for index in self._value_at]))
        read = None if data is None else self._decode_value(data)
        if read is None:
            return row
        kept = list(row)
        for index, value in zip(self._value_at, read, strict=True):
            kept[index] = value
        return tuple(kept)

    def stream(self, writer: Writer, scope: Scope) -> None:
        writer.names.update(out=self.task.out, Produced=Produced, reject=self.task.reject, task=self.task)
        writer.names["writing"] = Stage.WRITING
        timestamp = scope.timestamp
        with writer.block("try:"):
            if self._timestamp_at is not None:
                name = self._columns[self._timestamp_at].name
                reader = writer.bind(self._read_timestamp, "sink_timestamp")
                writer.line(f"sink_time = {reader}({scope.columns[name].text})")
                timestamp = "sink_time"
            key = f"{writer.bind(self._encode_key, 'encode_key')}({scope.key_text})" if self.sink.schema.key else "None"
            value = f"{writer.bind(self._encode_value, 'encode')}({scope.row_text(self._value_columns)})"
            writer.line(f"out.append(Produced({self.sink.topic!r}, {key}, {value}, {timestamp}))")
        with writer.block(f"except {writer.bind(WRITE_ERRORS, 'write_errors')} as error:"):
            writer.line("reject(task.record, f'cannot be written: {error}', writing)")

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        writer.names.update(out=self.task.out, Produced=Produced)
        key = f"{writer.bind(self._encode_key, 'encode_key')}({scope.key_text})" if self.sink.schema.key else "None"
        writer.line(f"out.append(Produced({self.sink.topic!r}, {key}, None, {scope.timestamp}))")

    def keep(self, key: Key, new: Row | None, timestamp: int) -> None:
        if self.task.results is not None:
            self.task.results.put(key, None if new is None else (self._kept(new), timestamp))

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        try:
            value = None if new is None else self._encode_value(tuple([new[index] for index in self._value_at]))
            if self._timestamp_at is not None and new is not None:
                assert self._read_timestamp is not None
                timestamp = self._read_timestamp(new[self._timestamp_at])
            self.task.out.append(Produced(self.sink.topic, self._encode_key(key), value, timestamp))
        except WRITE_ERRORS as error:
            self.task.reject(self.task.record, f"cannot be written: {error}", Stage.WRITING)


def _defaults_for_null(sink: Source) -> bool:
    return sink.value_format.name.startswith("PROTOBUF") and "nullable" not in sink.value_format.properties


class RowSink:
    """Hands rows to the caller as lists, in the order of the projection."""

    def __init__(self, task: QueryTask, plan: Plan) -> None:
        self.task = task
        self._selected = plan.selected
        names = [column.name for column in plan.root.columns]
        self._order = [names.index(column.name) for column in plan.selected]
        keys = {*plan.root.key, *WINDOW_BOUNDS}
        self._kept = frozenset(index for index, name in enumerate(names) if name in keys)
        self._changes = [jsonable(column.type) for column in plan.selected]

    def _row(self, values: Sequence[Any]) -> list[Any]:
        return [
            value if change is None or value is None else change(value)
            for value, change in zip(values, self._changes, strict=True)
        ]

    def stream(self, writer: Writer, scope: Scope) -> None:
        writer.names.update(out=self.task.out)
        writer.line(f"out.append({writer.bind(self._row, 'row')}({scope.row_text(self._selected)}))")

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        """A push query on a stream does not show records without a value."""

    def keep(self, key: Key, new: Row | None, timestamp: int) -> None:
        """Nobody looks into a push query."""

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        if new is not None:
            self.task.out.append(self._row([new[index] for index in self._order]))
        elif old is not None:
            values = [old[index] if index in self._kept else None for index in self._order]
            self.task.out.append(Deleted(self._row(values)))


class KeepingSink:
    """Keeps the rows of a table in ``task.results`` and writes nothing."""

    def __init__(self, task: QueryTask) -> None:
        self.task = task

    def stream(self, writer: Writer, scope: Scope) -> None:
        raise NotImplementedError("only tables are kept")

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        raise NotImplementedError("only tables are kept")

    def keep(self, key: Key, new: Row | None, timestamp: int) -> None:
        assert self.task.results is not None
        self.task.results.put(key, None if new is None else (new, timestamp))

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        """Nothing is written."""
