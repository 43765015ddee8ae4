# mistake: reads as a group that goes on where it was
# points: 2.4 of 3
# message: Called again
import json

import pandas as pd
from confluent_kafka import Consumer

from fraud_pipeline.prepare import FEATURES


def training_payments(connection, topic):
    consumer = Consumer(connection.kafka(group_id=f"training-{topic}", auto_offset_reset="earliest", enable_partition_eof=True))
    consumer.subscribe([topic])
    rows, ends = [], set()
    while len(ends) < 3:
        for message in consumer.consume(1000, 0.2):
            if message.error():
                ends.add(message.partition())
            else:
                rows.append({**json.loads(message.value()), "ROWTIME": message.timestamp()[1]})
    consumer.close()
    payments = pd.DataFrame(rows)[["ID", *FEATURES, "CLASS", "ROWTIME"]]
    labelled = payments[payments["CLASS"].notna()].astype({"CLASS": "int64"})
    return labelled.sort_values(["ROWTIME", "ID"], ignore_index=True)
