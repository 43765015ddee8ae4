# way: its own consumer
import json

import pandas as pd
from confluent_kafka import Consumer, KafkaError, TopicPartition

from fraud_pipeline.prepare import FEATURES


def training_payments(connection, topic):
    consumer = Consumer(connection.kafka(group_id="nobody", enable_auto_commit=False, enable_partition_eof=True))
    parts = sorted(consumer.list_topics(topic).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, one, 0) for one in parts])
    rows, ended = [], set()
    while len(ended) < len(parts):
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            ended.add(message.partition())
            continue
        payment = json.loads(message.value())
        if payment["CLASS"] is not None:
            rows.append((message.timestamp()[1], payment["ID"], payment))
    consumer.close()
    rows.sort(key=lambda row: row[:2])
    table = [[number, *(p[name] for name in FEATURES), p["CLASS"], at] for at, number, p in rows]
    return pd.DataFrame(table, columns=["ID", *FEATURES, "CLASS", "ROWTIME"])
