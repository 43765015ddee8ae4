# mistake: leaves missing numbers null
# points: 3 of 4
# message: A missing number becomes 0
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON') AS
        SELECT
          card_holder, id, {filled},
          CASE WHEN processor = 'south' THEN amount / 100 ELSE amount END AS amount,
          CAST(class AS INT) AS class
        FROM raw_payments
        WHERE processor <> 'probe'
        EMIT CHANGES;
    """
