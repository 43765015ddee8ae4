"""A micro-batch of Avro or JSON records becomes one array of features, and a reason for each record that cannot."""

from __future__ import annotations

import json
import math
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from fastavro.schema import SchemaParseException

from fraud_pipeline.avro import AvroReader, UnreadableRecordError
from fraud_pipeline.deploy.detector import Floats
from fraud_pipeline.registry import SchemaOf, UnknownSchemaError

# Confluent's wire format: a zero byte, four bytes of schema id, then the Avro body.
_WIRE_HEADER = struct.Struct(">BI")
_NUMERIC = {"double", "float", "int", "long"}


@dataclass(frozen=True)
class Decoded:
    """A micro-batch after decoding.

    ``kept`` are the positions of the n records that can be scored, ``features`` their ``(n, d)`` array, and
    ``carried`` their rows of columns that travel on with the score. ``rejected`` maps the position of every
    other record to the reason.
    """

    kept: list[int]
    features: Floats
    carried: list[tuple[Any, ...]]
    rejected: dict[int, str]


class BatchDecoder(ABC):
    """Decodes micro-batches for a detector that wants ``columns``; the columns ``carry`` travel on unchanged.

    KSQL writes names in upper case, so names are compared without regard to case. A column to carry that a
    record lacks is carried as ``None``; a feature that is missing, null or not finite makes a dead letter.
    """

    def __init__(self, columns: Sequence[str], carry: Sequence[str]) -> None:
        self._columns = [name.upper() for name in columns]
        self._carry = [name.upper() for name in carry]

    def decode(self, values: Sequence[bytes | None]) -> Decoded:
        """Decode record values (``None``: a record without one)."""
        kept: list[int] = []
        rows: list[tuple[float, ...]] = []
        carried: list[tuple[Any, ...]] = []
        rejected: dict[int, str] = {}
        for position, value in enumerate(values):
            try:
                if value is None:
                    raise UnreadableRecordError("the record has no value")
                features, others = self._read(value)
            except (UnreadableRecordError, UnknownSchemaError) as error:
                rejected[position] = str(error)
            else:
                kept.append(position)
                rows.append(features)
                carried.append(others)
        width = len(self._columns)
        array = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width).reshape(len(rows), width)
        return self._without_non_finite(Decoded(kept, array, carried, rejected))

    @abstractmethod
    def _read(self, value: bytes) -> tuple[tuple[float, ...], tuple[Any, ...]]:
        """The features and the carried columns. Raises ``UnreadableRecordError`` and ``UnknownSchemaError``."""

    def _without_non_finite(self, batch: Decoded) -> Decoded:
        finite = np.isfinite(batch.features)
        if finite.all():
            return batch
        good = finite.all(axis=1)
        rejected = batch.rejected | {
            batch.kept[row]: f"{self._columns[finite[row].argmin()]} is not a finite number"
            for row in np.flatnonzero(~good)
        }
        keep = np.flatnonzero(good).tolist()
        return Decoded([batch.kept[i] for i in keep], batch.features[keep], [batch.carried[i] for i in keep], rejected)


class Decoder(BatchDecoder):
    """Of Avro in Confluent's wire format. Whatever else ``schema_of`` raises passes through: an unreachable registry
    is no fault of the records."""

    def __init__(self, columns: Sequence[str], carry: Sequence[str], schema_of: SchemaOf) -> None:
        super().__init__(columns, carry)
        self._schema_of = schema_of
        self._readers: dict[int, _PaymentReader] = {}

    def _read(self, value: bytes) -> tuple[tuple[float, ...], tuple[Any, ...]]:
        if len(value) < _WIRE_HEADER.size or value[0] != 0:
            raise UnreadableRecordError("not Avro in Confluent's wire format")
        schema_id = _WIRE_HEADER.unpack_from(value)[1]
        reader = self._readers.get(schema_id) or self._new_reader(schema_id)
        return reader.read(value)

    def _new_reader(self, schema_id: int) -> _PaymentReader:
        try:
            schema = json.loads(self._schema_of(schema_id))
            reader = _PaymentReader(schema, self._columns, self._carry)
        except (UnreadableRecordError, SchemaParseException, json.JSONDecodeError) as error:
            raise UnreadableRecordError(f"schema {schema_id}: {error}") from error
        self._readers[schema_id] = reader
        return reader


class JsonDecoder(BatchDecoder):
    """Of JSON objects, as KSQL writes them with ``VALUE_FORMAT='JSON'``."""

    def _read(self, value: bytes) -> tuple[tuple[float, ...], tuple[Any, ...]]:
        try:
            row = json.loads(value)
        except ValueError as error:  # no UTF-8, or no JSON
            raise UnreadableRecordError("not a JSON object") from error
        if not isinstance(row, dict):
            raise UnreadableRecordError("not a JSON object")
        named = {name.upper(): one for name, one in row.items()}
        features = tuple(_number(named, name) for name in self._columns)
        return features, tuple(named.get(name) for name in self._carry)


def _number(row: Mapping[str, Any], name: str) -> float:
    if name not in row:
        raise UnreadableRecordError(f"{name} is missing")
    found = row[name]
    if found is None:
        raise UnreadableRecordError(f"{name} is null")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise UnreadableRecordError(f"{name} is not numeric")
    try:
        return float(found)
    except OverflowError:
        return math.inf


class _PaymentReader:
    """Reads features and carried columns from the records of one schema."""

    def __init__(self, schema: Mapping[str, Any], columns: list[str], carry: list[str]) -> None:
        self._reader = AvroReader(schema, start=_WIRE_HEADER.size)
        place = {name.upper(): index for index, name in enumerate(self._reader.types)}
        types = {name.upper(): kind for name, kind in self._reader.types.items()}
        if missing := [name for name in columns if name not in types]:
            raise UnreadableRecordError(f"it has no column {', '.join(missing)}")
        if texts := [name for name in columns if types[name] not in _NUMERIC]:
            raise UnreadableRecordError(f"{', '.join(texts)} is not numeric")
        self._columns = columns
        self._features = _row_getter([place[name] for name in columns])
        self._carried = _row_getter([place.get(name, -1) for name in carry])

    def read(self, value: bytes) -> tuple[tuple[float, ...], tuple[Any, ...]]:
        row = (*self._reader.read(value), None)  # the last place stands for columns that the schema lacks
        features = self._features(row)
        if None in features:
            raise UnreadableRecordError(f"{self._columns[features.index(None)]} is null")
        return features, self._carried(row)


def _row_getter(places: list[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """``itemgetter`` that gives a tuple for one place, too."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)
