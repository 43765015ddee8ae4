# way: commits each payment by itself, and waits
from confluent_kafka import Consumer, KafkaError, KafkaException


def consume(connection, topic, group):
    consumer = Consumer(
        connection.kafka(group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, enable_partition_eof=True)
    )
    consumer.subscribe([topic])
    at_end = set()
    try:
        while not at_end or len(at_end) < len(consumer.assignment()):
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(message.error())
                at_end.add(message.partition())
                continue
            yield parse_line(message.value())
            consumer.commit(message=message, asynchronous=False)
    finally:
        consumer.close()
