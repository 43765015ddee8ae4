"""What the scorer writes: one JSON object for each score, and the same once more for each alert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from fraud_pipeline import kafka
from fraud_pipeline.deploy.decode import Decoded
from fraud_pipeline.deploy.detector import Floats
from fraud_pipeline.deploy.records import Incoming, Outgoing

CARRIED_COLUMNS = ("ID", "USER", "TIME", "AMOUNT", "CLASS")
"""Columns of the payment that are written beside its score."""


def score_records(
    topic: str, records: Sequence[Incoming], batch: Decoded, scores: Floats, threshold: float, model: str, now: int
) -> Iterator[Outgoing]:
    """A record with the score of each payment of the batch, under the payment's key.

    ``event_time`` is the payment's record timestamp and ``scored_at`` is ``now``, both in ms since 1970: when
    payments are stamped as they arrive, the difference is the latency. The record itself keeps the payment's
    timestamp, so that windows over scores are windows over event time.
    """
    rows = zip(batch.kept, batch.carried, scores.tolist(), strict=True)
    for position, (payment, user, seconds, amount, label), score in rows:
        record = records[position]
        value = {
            "id": payment,
            "user": user,
            "time": seconds,
            "amount": amount,
            "label": _label(label),
            "score": score,
            "alert": score > threshold,
            "model": model,
            "partition": record.partition,
            "offset": record.offset,
            "event_time": record.timestamp,
            "scored_at": now,
        }
        yield Outgoing(topic, record.key, orjson.dumps(value), record.timestamp)


def alert_records(topic: str, scored: Sequence[Outgoing], scores: Floats, threshold: float) -> Iterator[Outgoing]:
    """The scored records above the threshold, once more, for ``topic``."""
    return (scored[index]._replace(topic=topic) for index in (scores > threshold).nonzero()[0].tolist())


def dead_letter_records(topic: str, source: str, records: Sequence[Incoming], batch: Decoded) -> Iterator[Outgoing]:
    """The records of ``source`` that could not be scored, as they came, with reason and origin in the headers."""
    for position, reason in batch.rejected.items():
        record = records[position]
        headers = kafka.dead_letter_headers(reason, topic=source, partition=record.partition, offset=record.offset)
        yield Outgoing(topic, record.key, record.value, record.timestamp, headers)


def _label(value: Any) -> int | None:
    """The payment's class as 0 or 1; ``None`` where it is not known."""
    text = str(value).strip() if value is not None else ""
    return int(text) if text in ("0", "1") else None
