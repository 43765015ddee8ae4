"""From the topic of prepared payments to pandas, NumPy and ``tf.data``; split by time, scaled by the past."""

from __future__ import annotations

import json
import struct
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from fastavro.schema import SchemaParseException
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from fraud_pipeline import topics
from fraud_pipeline.avro import AvroReader, UnreadableRecordError
from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import read_batch
from fraud_pipeline.keras_setup import tensorflow
from fraud_pipeline.registry import RegistryUnreachableError, SchemaOf, UnknownSchemaError, schemas_of

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
_SILENCE = 30.0
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
    with _snapshot(connection, topic, most) as batches:
        for messages in batches:
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


def split_by_time(payments: pd.DataFrame, train: float = 0.6, validation: float = 0.1, by: str = EVENT_TIME) -> Split:
    """Split ``payments`` into the earliest ``train`` share, the next ``validation`` share, and the rest.

    Payments of the same instant stay together, in the later part; so shares are met only nearly. Rows are
    ordered by the column ``by``. Raises ``ValueError`` for shares that leave nothing, :class:`PrepareError`
    for payments that cannot be split so.
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


@contextmanager
def _snapshot(connection: Connection, topic: str, most: int) -> Iterator[Iterator[list[Message]]]:
    """Batches of messages from the first to the last that ``topic`` holds now."""
    consumer = Consumer(
        connection.kafka(
            group_id=f"prepare-{uuid.uuid4()}",  # asked for by the client, never used: partitions are assigned by hand
            enable_auto_commit=False,
            enable_partition_eof=True,
            isolation_level="read_committed",
        )
    )
    with closing(consumer):
        yield _batches(consumer, topic, most)


def _batches(consumer: Consumer, topic: str, most: int) -> Iterator[list[Message]]:
    ends = _ends(consumer, topic)
    consumer.assign([TopicPartition(topic, partition, low) for partition, (low, _) in ends.items()])
    open_partitions = {partition for partition, (low, high) in ends.items() if low < high}
    while open_partitions:
        batch = read_batch(consumer, most, _SILENCE)
        if not batch:
            raise PrepareError(f"Kafka has given nothing of {topic} for {_SILENCE:.0f} s. Is it running?")
        kept = []
        for message in batch:
            error = message.error()
            partition, offset = cast(int, message.partition()), cast(int, message.offset())
            if error is not None and error.code() == KafkaError._PARTITION_EOF:
                open_partitions.discard(partition)
            elif error is not None:
                raise PrepareError(f"{topic} cannot be read: {error.str()}")
            elif offset < ends[partition][1]:
                kept.append(message)
                if offset + 1 == ends[partition][1]:
                    open_partitions.discard(partition)
            else:  # written after the call
                open_partitions.discard(partition)
        if kept:
            yield kept


def _ends(consumer: Consumer, topic: str) -> dict[int, tuple[int, int]]:
    try:
        described = consumer.list_topics(topic, timeout=10).topics[topic]
        if described.error is not None:
            raise PrepareError(f"There is no topic {topic}. Ingest and preprocess payments first.")
        return {
            partition: consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
            for partition in described.partitions
        }
    except KafkaException as error:
        raise PrepareError(f"Kafka does not answer: {error.args[0].str()}. Is it running?") from error
