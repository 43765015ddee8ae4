# way: one callback that looks at the message's topic; headers as a dictionary
from collections import Counter

from confluent_kafka import Producer

from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.transactions import RowError


def ingest(connection, lines, topic):
    ensure_topics(connection, {topic: 3})
    ensure_topics(connection, {f"{topic}_dlq": 1})
    taken = Counter()

    def note(error, message):
        if error is None:
            taken[message.topic()] += 1

    producer = Producer(connection.kafka(enable_idempotence=True, partitioner="murmur2_random"))
    line_number = 0
    for line in lines:
        line_number += 1
        try:
            payment = parse_line(line)
        except RowError as error:
            headers = {"dlq.reason": str(error), "dlq.line": str(line_number)}
            producer.produce(f"{topic}_dlq", value=line, headers=headers, on_delivery=note)
            continue
        producer.produce(
            topic,
            value=line,
            key=payment["User"].encode(),
            timestamp=int(payment["Timestamp"].timestamp() * 1000),
            on_delivery=note,
        )
    producer.flush()
    return {"ingested": line_number, "produced": taken[topic], "dead_lettered": taken[f"{topic}_dlq"]}
