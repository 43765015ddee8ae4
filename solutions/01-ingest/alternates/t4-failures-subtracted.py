# way: counts the failures, in batches with a flush each
from datetime import UTC, datetime, timedelta

from confluent_kafka import Producer


def producer_settings(connection):
    return connection.kafka(enable_idempotence=True, partitioner="murmur2_random", compression_type="lz4")


def produce_payments(connection, topic, lines):
    failures = []

    def delivered(error, message):
        if error is not None:
            failures.append(error)

    producer = Producer(producer_settings(connection))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for start in range(0, len(lines), 50):
        for line in lines[start : start + 50]:
            payment = parse_line(line)
            instant = (payment["Timestamp"] - epoch) // timedelta(milliseconds=1)
            producer.produce(topic, value=line, key=payment["User"], timestamp=instant, on_delivery=delivered)
        producer.flush()
    return len(lines) - len(failures)
