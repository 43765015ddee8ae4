# way: a comprehension, in order of position
def dead_letter_records(topic, source, records, rejected):
    return [
        Outgoing(
            headers=dead_letter_headers(rejected[n], topic=source, partition=records[n].partition, offset=records[n].offset),
            **{name: getattr(records[n], name) for name in ("key", "value", "timestamp")},
            topic=topic,
        )
        for n in sorted(rejected)
    ]
