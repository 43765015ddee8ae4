# mistake: alerts at the threshold
# points: 2.69 of 5
# message: above the detector's threshold
import json

import numpy as np
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from fraud_pipeline.connection import Connection
from fraud_pipeline.prepare import FEATURES


def score_stream(connection: Connection, detector, source: str, scores: str, alerts: str, group: str) -> None:
    """Score what `source` holds and `group` has not scored yet; write scores, alerts and dead letters."""
    dead = f"{source}_dlq"

    def results(records):
        """What is to be written for a micro-batch: (topic, record, value)."""
        good, rows = [], []
        for record in records:
            try:
                payment = json.loads(record.value())
                row = [float(payment[name]) for name in FEATURES]
                good.append((record, payment["ID"]))
                rows.append(row)
            except (ValueError, TypeError, KeyError):
                yield dead, record, record.value()
        if rows:
            for (record, number), score in zip(good, detector.score(np.array(rows)), strict=True):
                value = json.dumps({"ID": number, "SCORE": float(score)})
                yield scores, record, value
                if score >= detector.threshold:
                    yield alerts, record, value

    producer = Producer(connection.kafka(transactional_id=group))
    producer.init_transactions(30)
    consumer = Consumer(
        connection.kafka(
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            enable_partition_eof=True,
            isolation_level="read_committed",
        )
    )
    consumer.subscribe([source])
    at_end = set()
    try:
        while not at_end or len(at_end) < len(consumer.assignment()):
            records = []
            for message in consumer.consume(1000, 0.2):
                if message.error() is None:
                    records.append(message)
                    at_end.discard(message.partition())
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    at_end.add(message.partition())
                else:
                    raise KafkaException(message.error())
            if records:
                producer.begin_transaction()
                for topic, record, value in results(records):
                    producer.produce(topic, value, record.key(), timestamp=record.timestamp()[1])
                places = consumer.position(consumer.assignment())
                producer.send_offsets_to_transaction(
                    [place for place in places if place.offset >= 0], consumer.consumer_group_metadata()
                )
                producer.commit_transaction()
    finally:
        consumer.close()
