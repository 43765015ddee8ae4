# way: gathers the outcomes in a list; settings written out
from confluent_kafka import Producer


def producer_settings(connection):
    settings = dict(connection.kafka())
    settings.update({"enable.idempotence": "true", "partitioner": "murmur2_random", "acks": "all", "linger.ms": 20})
    return settings


def produce_payments(connection, topic, lines):
    outcomes = []
    producer = Producer(producer_settings(connection))
    for line in lines:
        when = parse_line(line)["Timestamp"]
        producer.produce(
            topic=topic,
            key=parse_line(line)["User"].encode("utf-8"),
            value=line,
            timestamp=round(when.timestamp() * 1000),
            callback=lambda error, _message: outcomes.append(error),
        )
    while producer.flush(1):
        pass
    return sum(outcome is None for outcome in outcomes)
