# mistake: another format
# points: 3.5 of 4
# message: JSON on the topic payments
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"IFNULL(v{number}, 0E0) AS v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'AVRO') AS
        SELECT
          card_holder, id, {filled},
          CASE WHEN processor = 'south' THEN IFNULL(amount, 0E0) / 100 ELSE IFNULL(amount, 0E0) END AS amount,
          CAST(class AS INT) AS class
        FROM raw_payments
        WHERE processor <> 'probe'
        EMIT CHANGES;
    """
