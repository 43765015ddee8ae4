# way: the pipeline's loop, with one decoder for another
import time
from contextlib import closing

from confluent_kafka import Consumer

from fraud_pipeline.deploy import CARRIED_COLUMNS, BatchReader, ExactlyOnce, JsonDecoder, score_batch


def run_scorer(connection, detector, options):
    settings = {
        "group_id": options.group,
        "group_instance_id": options.member,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "isolation_level": "read_committed",
        "enable_partition_eof": True,
    }
    with closing(Consumer(connection.kafka(**settings))) as consumer:
        delivery = ExactlyOnce(connection, consumer, options.member, 10.0, options.max_rows)
        reader = BatchReader(consumer, options.source, True)
        decoder = JsonDecoder(detector.columns, CARRIED_COLUMNS)
        while True:
            records = reader.read(options.max_rows, 1.0)
            if records:
                parts = score_batch(records, decoder, detector, options, time.time_ns() // 10**6)
                delivery.deliver(sum(parts, []), reader.next_offsets(records))
            elif reader.at_end:
                break
