# way: polls one by one, batches by hand, offsets from the messages
import json
from contextlib import closing

import numpy as np
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from fraud_pipeline.prepare import FEATURES


def features_or_none(value):
    try:
        payment = json.loads(value)
        return payment["ID"], [payment[name] + 0.0 for name in FEATURES]
    except Exception:
        return None


def score_stream(connection, detector, source, scores, alerts, group):
    settings = dict(group_id=group, auto_offset_reset="earliest", enable_auto_commit="false", enable_partition_eof=True)
    producer = Producer({**connection.kafka(), "transactional.id": f"scorer-{group}"})
    producer.init_transactions()
    with closing(Consumer(connection.kafka(**settings))) as consumer:
        partitions = set(consumer.list_topics(source).topics[source].partitions)
        consumer.subscribe([source])
        ended = set()
        while True:
            batch = []
            while len(batch) < 250 and ended != partitions:
                message = consumer.poll(5)
                if message is None:
                    break
                if message.error():
                    if message.error().code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(message.error())
                    ended.add(message.partition())
                else:
                    ended.discard(message.partition())
                    batch.append(message)
            if not batch and ended == partitions:
                return
            if batch:
                one_batch(producer, consumer, detector, batch, source, scores, alerts)


def one_batch(producer, consumer, detector, batch, source, scores, alerts):
    producer.begin_transaction()
    try:
        parsed = [features_or_none(message.value()) for message in batch]
        rows = np.array([found[1] for found in parsed if found]).reshape(-1, len(FEATURES))
        values = iter(detector.score(rows)) if len(rows) else iter(())
        for message, found in zip(batch, parsed):
            facts = {"key": message.key(), "timestamp": message.timestamp()[1]}
            if found is None:
                producer.produce(source + "_dlq", message.value(), **facts)
                continue
            score = next(values)
            text = json.dumps(dict(SCORE=float(score), ID=found[0]))
            for topic in [scores, alerts][: 1 + bool(score > detector.threshold)]:
                producer.produce(topic, text, **facts)
        following = {}
        for message in batch:
            following[message.partition()] = TopicPartition(source, message.partition(), message.offset() + 1)
        producer.send_offsets_to_transaction(list(following.values()), consumer.consumer_group_metadata())
        producer.commit_transaction()
    except KafkaException:
        producer.abort_transaction()
        raise
