# way: its own reading and its own transactions
import json
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from fraud_pipeline.deploy import CARRIED_COLUMNS, Incoming, JsonDecoder, score_batch


def run_scorer(connection, detector, options):
    producer = Producer(connection.kafka(transactional_id=options.member))
    producer.init_transactions()
    consumer = Consumer(
        connection.kafka(
            group_id=options.group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            enable_partition_eof=True,
        )
    )
    decoder = JsonDecoder(detector.columns, CARRIED_COLUMNS)
    consumer.subscribe([options.source])
    ended = set()
    try:
        while not ended or len(ended) < len(consumer.assignment()):
            batch, places = [], {}
            for message in consumer.consume(options.max_rows, 0.5):
                partition, offset = message.partition(), message.offset()
                if message.error() is None:
                    batch.append(Incoming(partition, offset, message.timestamp()[1], message.key(), message.value()))
                    places[partition] = TopicPartition(options.source, partition, offset + 1)
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    ended.add(partition)
                else:
                    raise KafkaException(message.error())
            if not batch:
                continue
            now = int(time.time() * 1000)
            results = [one for part in score_batch(batch, decoder, detector, options, now) for one in part]
            producer.begin_transaction()
            try:
                for one in results:
                    producer.produce(one.topic, one.value, one.key, timestamp=one.timestamp, headers=one.headers)
                producer.send_offsets_to_transaction(list(places.values()), consumer.consumer_group_metadata())
                producer.commit_transaction()
            except KafkaException:
                producer.abort_transaction()
                raise
    finally:
        consumer.close()
