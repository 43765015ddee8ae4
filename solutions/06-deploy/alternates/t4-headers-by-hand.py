# way: writes the headers out
def dead_letter_records(topic, source, records, rejected):
    def letter(record, reason):
        origin = {"reason": reason, "topic": source, "partition": str(record.partition), "offset": str(record.offset)}
        headers = [(f"dlq.{name}", text.encode("utf-8")) for name, text in origin.items()]
        return Outgoing(topic=topic, key=record.key, value=record.value, timestamp=record.timestamp, headers=headers)

    return [letter(records[position], rejected[position]) for position in sorted(rejected)]
