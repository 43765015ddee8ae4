# way: partitions assigned by hand, all in one transaction
import json

import numpy as np
from confluent_kafka import Consumer, Producer, TopicPartition

from fraud_pipeline.prepare import FEATURES


def score_stream(connection, detector, source, scores, alerts, group):
    producer = Producer(connection.kafka(transactional_id=group, linger_ms=0))
    producer.init_transactions()
    consumer = Consumer(connection.kafka(group_id=group, enable_auto_commit=False, isolation_level="read_committed", enable_partition_eof=True))
    try:
        places = [TopicPartition(source, number) for number in consumer.list_topics(source).topics[source].partitions]
        start = consumer.committed(places, timeout=30)
        consumer.assign([TopicPartition(source, one.partition, max(one.offset, 0)) for one in start])
        records, left = [], {place.partition for place in places}
        while left:
            message = consumer.poll(10)
            if message.error():
                left.remove(message.partition())
            else:
                records.append(message)
        if not records:
            return
        producer.begin_transaction()
        good = []
        for record in records:
            try:
                payment = json.loads(record.value())
                good.append((record, payment["ID"], np.array([payment[name] for name in FEATURES], dtype=float)))
                if np.isnan(good[-1][2]).any():
                    good.pop()
                    raise ValueError("null")
            except (ValueError, KeyError, TypeError):
                producer.produce(f"{source}_dlq", record.value(), record.key())
        if good:
            result = np.asarray(detector.score(np.stack([one[2] for one in good])))
            for (record, number, _), score, alert in zip(good, result, result > detector.threshold):
                for topic in (scores, alerts) if alert else (scores,):
                    value = json.dumps({"ID": number, "SCORE": score.item()}).encode()
                    producer.produce(topic, key=record.key(), value=value, timestamp=record.timestamp()[1])
        producer.send_offsets_to_transaction(consumer.position(places), consumer.consumer_group_metadata())
        producer.commit_transaction()
    finally:
        consumer.close()
