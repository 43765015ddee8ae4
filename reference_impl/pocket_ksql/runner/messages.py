"""What a consumer gives: records of a partition, and between them events such as the partition's end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pocket_ksql.records import Record
from pocket_ksql.runner.ordering import PartitionId


def runs(messages: Sequence[Any]) -> Iterator[tuple[PartitionId, list[Record], list[Any]]]:
    """Messages that follow one another in a partition: either records, or events (messages with an error).

    Taken together, because record by record the bookkeeping would cost as much as the reading.
    """
    for (topic, partition, is_event), run in groupby(messages, key=_origin):
        if is_event:
            yield (topic, partition), [], list(run)
        else:
            yield (topic, partition), [_record(message, partition) for message in run], []


def _origin(message: Any) -> tuple[str, int, bool]:
    return message.topic(), message.partition(), message.error() is not None


def _record(message: Any, partition: int) -> Record:
    headers = message.headers()
    return Record(
        message.key(),
        message.value(),
        message.timestamp()[1],
        partition,
        message.offset(),
        tuple(headers) if headers else (),
    )
