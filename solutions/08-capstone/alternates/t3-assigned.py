# way: partitions assigned by hand, read to the end that they have
import json

import pandas as pd
from confluent_kafka import Consumer, TopicPartition

from fraud_pipeline.prepare import FEATURES


def training_payments(connection, topic):
    consumer = Consumer(connection.kafka(group_id="unused", enable_auto_commit=False, isolation_level="read_committed", enable_partition_eof=True))
    partitions = consumer.list_topics(topic).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    left, rows = set(partitions), []
    while left:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            left.discard(message.partition())
            continue
        payment = json.loads(message.value())
        if payment["CLASS"] is not None:
            rows.append([payment["ID"], *(payment[name] for name in FEATURES), payment["CLASS"], message.timestamp()[1]])
    consumer.close()
    rows.sort(key=lambda row: (row[-1], row[0]))
    return pd.DataFrame(rows, columns=["ID", *FEATURES, "CLASS", "ROWTIME"])
