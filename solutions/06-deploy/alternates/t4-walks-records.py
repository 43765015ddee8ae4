# way: walks through the records, in one expression
def dead_letter_records(topic, source, records, rejected):
    return [
        Outgoing(
            topic,
            key,
            value,
            timestamp,
            dead_letter_headers(rejected[position], topic=source, partition=partition, offset=offset),
        )
        for position, (partition, offset, timestamp, key, value) in enumerate(records)
        if position in rejected
    ]
