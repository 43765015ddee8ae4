# way: two statements, probes out first
def prepare_payments():
    columns = [f"v{number}" for number in range(1, 29)]
    filled = "".join(f"COALESCE({name}, CAST(0 AS DOUBLE)) AS {name}, " for name in columns)
    return f"""
        CREATE STREAM no_probes AS SELECT * FROM raw_payments WHERE NOT (processor = 'probe') EMIT CHANGES;
        CREATE STREAM payments WITH (VALUE_FORMAT='JSON', KAFKA_TOPIC='payments', PARTITIONS=3) AS
        SELECT card_holder, id, {filled}
          IFNULL(CASE processor WHEN 'south' THEN amount / 100.0E0 ELSE amount END, 0E0) AS amount,
          CAST(class AS INTEGER) AS class
        FROM no_probes EMIT CHANGES;
    """
