"""The card holders as records of the topic that the KSQL table ``users`` reads."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from confluent_kafka import Producer

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import PRODUCER_SETTINGS
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.transactions.schema import START

GENDERS = ("FEMALE", "MALE", "OTHER")
REGIONS = tuple(f"Region_{number}" for number in range(1, 10))


def user_record(name: str) -> dict[str, str]:
    """What is known of a user: made up, from a checksum of the name, so that it is always the same."""
    checksum = zlib.crc32(name.encode())
    return {"gender": GENDERS[checksum % len(GENDERS)], "regionid": REGIONS[checksum // 7 % len(REGIONS)]}


def produce_users(connection: Connection, names: Iterable[str], topic: str = topics.USERS) -> int:
    """Write one record for each user, keyed by name, and return how many.

    The records carry the time before the first payment: a join looks up what was known when a payment was made.
    The partition is chosen as for payments, which a join of the two needs.
    """
    ensure_topics(connection, {topic: topics.PARTITIONS}, {"cleanup.policy": "compact"})
    producer = Producer(connection.kafka(**PRODUCER_SETTINGS))
    before = int(START.timestamp() * 1000) - 1
    count = 0
    for name in sorted(names):
        producer.produce(topic, json.dumps(user_record(name)), name, timestamp=before)
        count += 1
        producer.poll(0)
    producer.flush()
    return count
