# mistake: stops at the first poison row
# points: 2 of 4
# message: those after the poison row too
from collections.abc import Sequence

from confluent_kafka import Producer

from fraud_pipeline import kafka as kafka_tools
from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import dead_letter_headers
from fraud_pipeline.transactions import RowError


def ingest(connection: Connection, lines: Sequence[bytes], topic: str) -> dict[str, int]:
    """Send the payments among ``lines`` to ``topic``, and the rest to its dead-letter topic; count both."""
    dead_letters = f"{topic}_dlq"
    kafka_tools.ensure_topics(connection, {topic: 3, dead_letters: 1})
    counts = {"ingested": len(lines), "produced": 0, "dead_lettered": 0}

    def counting(name):
        def count(error, message):
            counts[name] += error is None

        return count

    producer = Producer(connection.kafka(enable_idempotence=True, partitioner="murmur2_random"))
    for number, line in enumerate(lines, start=1):
        try:
            payment = parse_line(line)
        except RowError as error:
            headers = dead_letter_headers(str(error), line=number)
            producer.produce(dead_letters, line, headers=headers, on_delivery=counting("dead_lettered"))
            break
        else:
            instant = int(payment["Timestamp"].timestamp() * 1000)
            producer.produce(topic, line, payment["User"], timestamp=instant, on_delivery=counting("produced"))
        producer.poll(0)
    producer.flush()
    return counts
