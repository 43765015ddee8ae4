# way: walks through the records, and yields
def dead_letter_records(topic, source, records, rejected):
    for position, (partition, offset, timestamp, key, value) in enumerate(records):
        if position in rejected:
            where = {"topic": source, "partition": partition, "offset": offset}
            yield Outgoing(topic, key, value, timestamp, dead_letter_headers(rejected[position], **where))
