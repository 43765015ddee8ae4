# mistake: no label becomes the label 0
# points: 3.5 of 4
# message: no label is not the label 0
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"IFNULL(v{number}, 0E0) AS v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON') AS
        SELECT
          card_holder, id, {filled},
          CASE WHEN processor = 'south' THEN IFNULL(amount, 0E0) / 100 ELSE IFNULL(amount, 0E0) END AS amount,
          IFNULL(CAST(class AS INT), 0) AS class
        FROM raw_payments
        WHERE processor <> 'probe'
        EMIT CHANGES;
    """
