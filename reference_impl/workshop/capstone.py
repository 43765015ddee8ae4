"""The payments of the capstone: a year as a frame, the raw records of two processors, and what came out of topics."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from confluent_kafka import (
    KafkaError,
    KafkaException,
    Message,
    Producer,
)
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from tenacity import Retrying, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import KEEP_FOREVER, ensure_topics
from fraud_pipeline.prepare import EVENT_TIME, FEATURES, LABEL
from fraud_pipeline.snapshot import read_to_end
from fraud_pipeline.topics import PARTITIONS
from fraud_pipeline.transactions import Source

RAW_TOPIC = "raw_payments"
RAW_STREAM = f"""
    CREATE STREAM raw_payments (
      card_holder VARCHAR KEY, id BIGINT, processor VARCHAR,
      {", ".join(f"v{number} DOUBLE" for number in range(1, 29))},
      amount DOUBLE, class VARCHAR
    ) WITH (KAFKA_TOPIC = '{RAW_TOPIC}', VALUE_FORMAT = 'DELIMITED');
"""
"""The stream of raw payments, as the capstone's statements find it."""

_PROBES, _MISSING = 0.01, 0.002  # shares of the payments that are followed by a probe, and of missing numbers
_SOUTH = 0.3
_LONGEST = "max.message.bytes"
_PATIENCE_MS = 120_000


def year(source: Source, rows: int) -> pd.DataFrame:
    """The first ``rows`` payments of ``source``: CARD_HOLDER, ID, the features, CLASS, and ROWTIME in ms since 1970."""
    frame = pd.concat([block.payments.to_pandas() for block in source.blocks(rows)], ignore_index=True)
    frame.columns = pd.Index([name.upper() for name in frame.columns])
    frame[EVENT_TIME] = frame["TIMESTAMP"].to_numpy("datetime64[ms]").astype(np.int64)
    frame = frame.rename(columns={"USER": "CARD_HOLDER"})
    return frame[["CARD_HOLDER", "ID", *FEATURES, LABEL, EVENT_TIME]].astype({LABEL: "int64"})


def raw_records(payments: pd.DataFrame, labelled: bool, seed: int) -> list[dict[str, Any]]:
    """``payments`` as two processors send them, for :func:`workshop.checks.ksql.run`: DELIMITED text on RAW_STREAM.

    The processor ``south`` sends amounts in cents. Some numbers are missing, and some payments are probes of a
    terminal, which are none. Without ``labelled`` the column ``class`` is empty.
    """
    rng = np.random.default_rng(seed)
    numbers = payments[list(FEATURES)].to_numpy(copy=True)
    south = rng.random(len(payments)) < _SOUTH
    numbers[south, -1] = (numbers[south, -1] * 100).round()
    missing = rng.random(numbers.shape) < _MISSING
    probes = rng.random(len(payments)) < _PROBES
    columns = (payments[name] for name in ("CARD_HOLDER", "ID", LABEL, EVENT_TIME))
    records = []
    for row, (holder, number, label, time) in enumerate(zip(*columns, strict=True)):
        values = ["" if gone else repr(float(x)) for x, gone in zip(numbers[row], missing[row], strict=True)]
        sent = [str(number), "south" if south[row] else "north", *values, str(label) if labelled else ""]
        records.append({"key": holder, "value": ",".join(sent), "timestamp": int(time)})
        if probes[row]:
            records.append({**records[-1], "value": ",".join([str(-number), "probe", *sent[2:-1], ""])})
    return records


def publish(connection: Connection, topic: str, rows: Iterable[Mapping[str, Any]], times: Iterable[int]) -> None:
    """Append ``rows`` to ``topic`` as JSON, keyed by their CARD_HOLDER, with the event times ``times`` (ms)."""
    ensure_topics(connection, {topic: PARTITIONS})
    # Not idempotent: such a producer waits for half a second before its first record. One request at a time keeps the
    # order; a record is there twice only if the broker's answer is lost, or takes longer than two minutes.
    producer = Producer(connection.kafka(max_in_flight=1, request_timeout_ms=_PATIENCE_MS, linger_ms=20))
    for row, time in zip(rows, times, strict=True):
        value = {name: one for name, one in row.items() if name != "CARD_HOLDER"}
        producer.produce(topic, json.dumps(value).encode(), str(row["CARD_HOLDER"]).encode(), timestamp=int(time))
        producer.poll(0)
    producer.flush()


def committed(connection: Connection, topic: str, patience: float = 10) -> list[Message]:
    """The committed records that ``topic`` holds now, as :func:`fraud_pipeline.snapshot.read_to_end` reads them."""
    return [message for batch in read_to_end(connection, topic, patience=patience) for message in batch]


def objects(connection: Connection, topic: str, patience: float = 10) -> list[dict[str, Any]]:
    """The JSON objects of :func:`committed`. Raises ``ValueError`` where a record is none."""
    found = [json.loads(message.value() or b"null") for message in committed(connection, topic, patience)]
    if strange := next((one for one in found if not isinstance(one, dict)), None):
        raise ValueError(f"a record of {topic} is no JSON object: {strange!r}")
    return found


def make_topics(connection: Connection, names: Iterable[str], refusing: str = "") -> None:
    """Create topics; ``refusing`` takes no record that is longer than a transaction's marker until :func:`mend`."""
    ensure_topics(connection, dict.fromkeys(names, PARTITIONS))
    if refusing:
        ensure_topics(connection, {refusing: PARTITIONS}, KEEP_FOREVER | {_LONGEST: "90"})


def mend(connection: Connection, topic: str) -> None:
    """Let a topic that was ``refusing`` take records again; returns once it does."""
    change = ConfigEntry(_LONGEST, "1000000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[change])
    admin = AdminClient(connection.kafka())
    admin.incremental_alter_configs([resource])[resource].result()
    for attempt in Retrying(stop=stop_after_delay(10), wait=wait_fixed(0.05), reraise=True):
        with attempt:
            _try(connection, topic)


def _try(connection: Connection, topic: str) -> None:
    """Send a long record in a transaction that is aborted, so that no reader sees it. Raises where it is refused."""
    producer = Producer(connection.kafka(transactional_id=f"{topic}-try"))
    producer.init_transactions()
    producer.begin_transaction()
    failures: list[KafkaError] = []
    producer.produce(topic, b"x" * 500, on_delivery=lambda error, _message: failures.append(error) if error else None)
    producer.flush()
    producer.abort_transaction()
    if failures:
        raise KafkaException(failures[0])
