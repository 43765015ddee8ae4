# way: an object that counts, and one call that waits now and then
from collections import Counter

from confluent_kafka import Producer

from fraud_pipeline.kafka import dead_letter_headers, ensure_topics
from fraud_pipeline.transactions.delimited import parse_line as read_line


class Sender:
    def __init__(self, settings):
        self.producer, self.acknowledged = Producer(settings), Counter()

    def send(self, topic, value, **rest):
        self.producer.produce(topic, value=value, on_delivery=self.heard, **rest)
        self.producer.poll(0)

    def heard(self, error, message):
        if not error:
            self.acknowledged[message.topic()] += 1


def ingest(connection, lines, topic):
    ensure_topics(connection, {f"{topic}_dlq": 1})
    ensure_topics(connection, {topic: 3})
    sender = Sender(connection.kafka(enable_idempotence="true", acks="all", partitioner="murmur2_random"))
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            found = read_line(line)
        except ValueError as problem:
            sender.send(f"{topic}_dlq", line, headers=dead_letter_headers(str(problem), line=number))
            continue
        sender.send(topic, line, key=found["User"].encode(), timestamp=round(found["Timestamp"].timestamp() * 1e3))
    sender.producer.flush(60)
    done = sender.acknowledged
    return {"ingested": number, "produced": done[topic], "dead_lettered": done[f"{topic}_dlq"]}
