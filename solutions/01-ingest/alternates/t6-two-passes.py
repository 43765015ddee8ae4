# way: sorts the lines first, then sends with two producers
from confluent_kafka import Producer

from fraud_pipeline.kafka import dead_letter_headers, ensure_topics as make_topics
from fraud_pipeline.transactions import RowError


def ingest(connection, lines, topic):
    make_topics(connection, {topic: 3, topic + "_dlq": 1})
    good, bad = [], []
    for number, line in enumerate(lines):
        try:
            good.append((line, parse_line(line)))
        except RowError as problem:
            bad.append((number + 1, line, str(problem)))
    settings = connection.kafka(enable_idempotence=True, partitioner="murmur2_random")
    outcomes = {"good": [], "bad": []}
    sender = Producer(settings)
    for line, payment in good:
        sender.produce(
            topic, line, payment["User"], timestamp=int(payment["Timestamp"].timestamp()) * 1000,
            callback=lambda error, _: outcomes["good"].append(error),
        )
    sender.flush()
    letters = Producer(settings)
    for number, line, reason in bad:
        letters.produce(
            f"{topic}_dlq", line, headers=dead_letter_headers(reason, line=number),
            callback=lambda error, _: outcomes["bad"].append(error),
        )
    letters.flush()
    return {
        "ingested": len(lines),
        "produced": sum(one is None for one in outcomes["good"]),
        "dead_lettered": sum(one is None for one in outcomes["bad"]),
    }
