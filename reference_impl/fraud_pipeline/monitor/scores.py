"""The scorer's results as columns, and the reasons of dead letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import orjson
from numpy.typing import NDArray

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import headers_as_text
from fraud_pipeline.snapshot import NoSuchTopicError, read_to_end

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScoredPayments:
    """Columns of n scored payments, in the order of their event time.

    ``origin`` names the record that was scored: its partition and offset, packed into one number. ``label`` is 1
    for fraud, 0 for normal and NaN where it is not known; ``event_time`` and ``scored_at`` are in ms since 1970.
    """

    origin: NDArray[np.int64]
    score: Floats
    alert: NDArray[np.bool_]
    label: Floats
    event_time: NDArray[np.int64]
    scored_at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.score)

    @property
    def throughput(self) -> float | None:
        """Payments scored per second between the first batch and the last; ``None`` if there was one only."""
        if len(self) == 0 or (spread := int(self.scored_at.max() - self.scored_at.min())) == 0:
            return None
        return 1000 * len(self) / spread

    def first_of_each(self) -> ScoredPayments:
        """One score a payment: what at-least-once delivery repeats after a crash is taken once."""
        _, first = np.unique(self.origin, return_index=True)
        return self._take(np.sort(first))

    def before(self, moment: datetime) -> ScoredPayments:
        """Those whose event time is earlier than ``moment``: replayed payments, not live ones."""
        return self._take(np.flatnonzero(self.event_time < moment.timestamp() * 1000))

    def _take(self, rows: NDArray[np.intp]) -> ScoredPayments:
        return ScoredPayments(
            self.origin[rows],
            self.score[rows],
            self.alert[rows],
            self.label[rows],
            self.event_time[rows],
            self.scored_at[rows],
        )


def scored_payments(values: Iterable[bytes]) -> ScoredPayments:
    """Columns from the values of score records."""
    rows = [orjson.loads(value) for value in values]
    unknown = float("nan")
    columns = ScoredPayments(
        origin=np.array([row["partition"] << 48 | row["offset"] for row in rows], dtype=np.int64),
        score=np.array([row["score"] for row in rows], dtype=np.float64),
        alert=np.array([row["alert"] for row in rows], dtype=np.bool_),
        label=np.array([unknown if row["label"] is None else row["label"] for row in rows], dtype=np.float64),
        event_time=np.array([row["event_time"] for row in rows], dtype=np.int64),
        scored_at=np.array([row["scored_at"] for row in rows], dtype=np.int64),
    )
    return columns._take(np.argsort(columns.event_time, kind="stable"))


def read_scores(connection: Connection, topic: str = topics.SCORES) -> ScoredPayments:
    """All that has been scored so far. Raises ``TopicReadError``."""
    return scored_payments(message.value() or b"null" for batch in read_to_end(connection, topic) for message in batch)


@dataclass(frozen=True)
class DeadLetters:
    """How many records a stage has set aside for one reason."""

    topic: str
    reason: str
    count: int


def read_dead_letters(connection: Connection, topic: str) -> list[DeadLetters]:
    """The dead letters of one topic by reason, the most frequent first; none where the topic was never needed.
    Raises ``TopicReadError``."""
    try:
        messages = [message for batch in read_to_end(connection, topic) for message in batch]
    except NoSuchTopicError:
        return []
    reasons = Counter(headers_as_text(message).get("dlq.reason", "no reason given") for message in messages)
    return [DeadLetters(topic, reason, count) for reason, count in reasons.most_common()]
