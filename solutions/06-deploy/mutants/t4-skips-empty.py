# mistake: skips a record without a value
# points: 1.2 of 2
# message: even where they are no text or not there
from collections.abc import Mapping, Sequence

from fraud_pipeline.deploy import Incoming, Outgoing
from fraud_pipeline.kafka import dead_letter_headers


def dead_letter_records(
    topic: str, source: str, records: Sequence[Incoming], rejected: Mapping[int, str]
) -> list[Outgoing]:
    """The rejected records of `source`, as they came, for `topic`; reason and origin in the headers."""
    letters = []
    for position, reason in rejected.items():
        record = records[position]
        if record.value is None:
            continue
        headers = dead_letter_headers(reason, topic=source, partition=record.partition, offset=record.offset)
        letters.append(Outgoing(topic, record.key, record.value, record.timestamp, headers))
    return letters
