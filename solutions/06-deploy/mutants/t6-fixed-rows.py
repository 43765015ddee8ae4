# mistake: micro-batches of 100 whatever was asked for
# points: 4.81 of 5
# message: with max_rows=2
import time

from confluent_kafka import Consumer

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import (
    CARRIED_COLUMNS,
    BatchReader,
    Detector,
    ExactlyOnce,
    JsonDecoder,
    ScorerOptions,
    score_batch,
)


def run_scorer(connection: Connection, detector: Detector, options: ScorerOptions) -> None:
    """Score what is on `options.source`, exactly once, and end when all of it has been read."""
    consumer = Consumer(
        connection.kafka(
            group_id=options.group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            enable_partition_eof=True,
        )
    )
    decoder = JsonDecoder(detector.columns, CARRIED_COLUMNS)
    try:
        delivery = ExactlyOnce(connection, consumer, options.member, 30.0, options.max_rows)
        reader = BatchReader(consumer, options.source, stop_at_end=True)
        while not reader.at_end:
            records = reader.read(100, 0.2)
            if not records:
                continue
            now = time.time_ns() // 1_000_000
            scores, alerts, dead = score_batch(records, decoder, detector, options, now)
            delivery.deliver([*scores, *alerts, *dead], reader.next_offsets(records))
    finally:
        consumer.close()
