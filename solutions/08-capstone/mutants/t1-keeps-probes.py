# mistake: keeps the probes
# points: 3 of 4
# message: left out, and no others
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"IFNULL(v{number}, 0E0) AS v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON') AS
        SELECT
          card_holder, id, {filled},
          CASE WHEN processor = 'south' THEN IFNULL(amount, 0E0) / 100 ELSE IFNULL(amount, 0E0) END AS amount,
          CAST(class AS INT) AS class
        FROM raw_payments
        
        EMIT CHANGES;
    """
