"""From the topic of prepared payments to pandas, NumPy and ``tf.data``; split by time, scaled by the past."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from confluent_kafka import Message
from fastavro.schema import SchemaParseException
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from fraud_pipeline import topics
from fraud_pipeline.avro import AvroReader, UnreadableRecordError
from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.keras_setup import tensorflow
from fraud_pipeline.registry import RegistryUnreachableError, SchemaOf, UnknownSchemaError, schemas_of
from fraud_pipeline.snapshot import read_to_end

if TYPE_CHECKING:
    import tensorflow as tf

Floats = NDArray[np.float64]

FEATURES: tuple[str, ...] = (*(f"V{number}" for number in range(1, 29)), "AMOUNT")
"""What the detector sees of a payment. Not ``TIME``: seconds since the start say nothing about later days."""

LABEL = "CLASS"
EVENT_TIME = "ROWTIME"
"""When the payment was made, in ms since 1970: the record's timestamp, under the name that KSQL gives it."""

_NUMBERS = ("ID", "TIME", *FEATURES, LABEL)
COLUMNS: tuple[str, ...] = ("ID", "USER", "TIME", *FEATURES, LABEL, EVENT_TIME)
"""Columns of a frame of payments."""

_WIRE_HEADER = struct.Struct(">BI")  # Confluent's wire format: a zero byte, the schema's id, the Avro body
_NUMERIC = {"double", "float", "int", "long"}
_CLEAN = "The preprocessing casts every column and fills its nulls: does its query run?"
"""Seconds without a record after which a reader gives up."""


class PrepareError(PipelineError):
    """The topic does not hold what training needs; the message says where, and what to do."""


@dataclass(frozen=True)
class Split:
    """Payments in three parts, each later than the one before: no part knows anything of the next."""

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


# --- From the topic ---------------------------------------------------------------------------------------


def read_payments(connection: Connection, topic: str = topics.PREPROCESSED) -> pd.DataFrame:
    """All payments that are on ``topic`` now, in the order of event time: columns :data:`COLUMNS`.

    Raises :class:`PrepareError` if the topic is absent or empty, or a record does not fit.
    """
    parts = list(read_batches(connection, topic))
    if not parts:
        raise PrepareError(f"Topic {topic} is empty. Ingest and preprocess payments first.")
    payments = pd.concat(parts, ignore_index=True)
    # Partitions arrive interleaved in any order; with the Id as a tie-break the frame is always the same.
    return payments.sort_values([EVENT_TIME, "ID"], kind="stable", ignore_index=True)


def read_batches(
    connection: Connection, topic: str = topics.PREPROCESSED, most: int = 10_000
) -> Iterator[pd.DataFrame]:
    """Frames of at most ``most`` payments each, up to the end that ``topic`` has at the call.

    No offset is committed: reading again gives the same payments again. Raises :class:`PrepareError`.
    """
    decode = _Decoder(topic, schemas_of(connection.registry_url))
    for messages in read_to_end(connection, topic, most):
        yield decode(messages)


def payments_dataset(
    connection: Connection,
    topic: str = topics.PREPROCESSED,
    columns: Sequence[str] = FEATURES,
    batch_size: int = 256,
) -> tf.data.Dataset:
    """The payments on ``topic`` as a ``tf.data`` pipeline of float32 batches ``(batch_size, d)``.

    Each pass reads the topic anew, so that a model can be trained on more payments than memory holds;
    reading and decoding run ahead of the training step. Normal payments and frauds alike: filter or map as needed.
    """
    tf = tensorflow()

    def blocks() -> Iterator[NDArray[np.float32]]:
        for frame in read_batches(connection, topic):
            yield frame[list(columns)].to_numpy(np.float32)

    signature = tf.TensorSpec(shape=(None, len(columns)), dtype=tf.float32)
    rows = tf.data.Dataset.from_generator(blocks, output_signature=signature)
    return rows.rebatch(batch_size).prefetch(tf.data.AUTOTUNE)


# --- To training ------------------------------------------------------------------------------------------


def features_of(payments: pd.DataFrame, columns: Sequence[str] = FEATURES) -> Floats:
    """The feature matrix (n, d) of ``payments``."""
    return payments[list(columns)].to_numpy(np.float64)


def split_by_time(
    payments: pd.DataFrame,
    train: float = 0.6,
    validation: float = 0.1,
    by: str = EVENT_TIME,
) -> Split:
    """The earliest share ``train``, the next share ``validation``, and the rest.

    Payments of the same instant stay together, in the later part; so shares are met
    only nearly. Rows are ordered by the column ``by``. Raises ``ValueError`` for shares
    that leave nothing, :class:`PrepareError` for payments that cannot be split so.
    """
    if not (0 < train < 1 and 0 < validation < 1 and train + validation < 1):
        raise ValueError(f"train={train} and validation={validation} must be positive and leave a share for testing")
    ordered = payments.sort_values(by, kind="stable", ignore_index=True)
    instants = ordered[by].to_numpy()
    wanted = [int(share * len(ordered)) for share in (train, train + validation)]
    first, second = (int(np.searchsorted(instants, instants[index])) if len(instants) else 0 for index in wanted)
    if not 0 < first < second:
        raise PrepareError(f"{len(ordered)} payments over so few instants cannot be split by time. Take more payments.")
    parts = (ordered.iloc[:first], ordered.iloc[first:second], ordered.iloc[second:])
    return Split(*(part.reset_index(drop=True) for part in parts))


def fit_scaler(train: Floats) -> StandardScaler:
    """The standardisation of training rows (n, d), and of these alone: what comes later is not known yet."""
    return StandardScaler().fit(train)


# --- Decoding ---------------------------------------------------------------------------------------------


class _Decoder:
    """Decodes messages to a frame and checks the types of its columns."""

    def __init__(self, topic: str, schema_of: SchemaOf) -> None:
        self._topic = topic
        self._schema_of = schema_of
        self._readers: dict[int, AvroReader] = {}

    def __call__(self, messages: Sequence[Message]) -> pd.DataFrame:
        by_schema: dict[int, list[tuple[Any, ...]]] = {}
        for message in messages:
            try:
                value = message.value()
                if value is None or len(value) < _WIRE_HEADER.size or value[0] != 0:
                    raise UnreadableRecordError("not Avro in Confluent's wire format")
                schema_id = _WIRE_HEADER.unpack_from(value)[1]
                reader = self._readers.get(schema_id) or self._reader(schema_id)
                row = (*reader.read(value), message.timestamp()[1])
            except UnreadableRecordError as error:
                raise PrepareError(f"{self._place(message)}: {error}") from error
            by_schema.setdefault(schema_id, []).append(row)
        frames = [self._frame(rows, self._readers[schema_id]) for schema_id, rows in by_schema.items()]
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def _reader(self, schema_id: int) -> AvroReader:
        try:
            reader = AvroReader(json.loads(self._schema_of(schema_id)), start=_WIRE_HEADER.size)
        except RegistryUnreachableError as error:
            raise PrepareError(f"{error}. Is it running? Check the registry's address.") from error
        except (UnknownSchemaError, SchemaParseException, json.JSONDecodeError) as error:
            raise UnreadableRecordError(f"schema {schema_id}: {error}") from error
        present = {name.upper() for name in reader.types}
        if missing := [name for name in COLUMNS if name not in present and name != EVENT_TIME]:
            raise UnreadableRecordError(f"schema {schema_id} has no column {', '.join(missing)}")
        kinds = {name.upper(): kind for name, kind in reader.types.items()}
        if wrong := [name for name in _NUMBERS if kinds[name] not in _NUMERIC]:
            raise UnreadableRecordError(f"schema {schema_id}: {', '.join(wrong)} is not numeric. {_CLEAN}")
        self._readers[schema_id] = reader
        return reader

    def _frame(self, rows: list[tuple[Any, ...]], reader: AvroReader) -> pd.DataFrame:
        names = [*(name.upper() for name in reader.types), EVENT_TIME]
        frame = pd.DataFrame.from_records(rows, columns=names)[list(COLUMNS)]
        numbers = frame[list(_NUMBERS)].to_numpy(np.float64)  # null becomes NaN
        for name, finite in zip(_NUMBERS, np.isfinite(numbers).all(axis=0), strict=True):
            if not finite:
                raise PrepareError(f"Topic {self._topic}: a payment has no finite number in column {name}. {_CLEAN}")
        return frame.astype({"ID": "int64", "TIME": "int64", LABEL: "int8", EVENT_TIME: "int64"})

    def _place(self, message: Message) -> str:
        return f"Topic {self._topic}, partition {message.partition()}, offset {message.offset()}"
