"""How far a consumer group is behind."""

from __future__ import annotations

from dataclasses import dataclass

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import committed_offsets

_PATIENCE = 30.0


class MonitorError(PipelineError):
    """Something that is to be monitored cannot be read."""


@dataclass(frozen=True)
class PartitionLag:
    """``lag`` is the number of offsets between what the group has committed and the partition's end.

    Offsets are not quite records: each transaction leaves a marker that takes one.
    """

    topic: str
    partition: int
    committed: int
    end: int

    @property
    def lag(self) -> int:
        """Offsets that are still to be read."""
        return self.end - self.committed


def consumer_lag(connection: Connection, group: str) -> list[PartitionLag]:
    """The lag of ``group`` in every partition in which it has committed something.

    Raises :class:`MonitorError` when the broker does not say.
    """
    admin = AdminClient(connection.kafka())
    try:
        committed = committed_offsets(admin, group)
        if not committed:
            return []
        ends = admin.list_offsets(
            {TopicPartition(*place): OffsetSpec.latest() for place in committed},
            isolation_level=IsolationLevel.READ_COMMITTED,
            request_timeout=_PATIENCE,
        )
        end_of = {(place.topic, place.partition): future.result().offset for place, future in ends.items()}
    except KafkaException as error:
        raise MonitorError(f"lag of group {group}: {error.args[0].str()}") from error
    return [PartitionLag(*place, committed=offset, end=end_of[place]) for place, offset in sorted(committed.items())]
