# mistake: takes large amounts for cents
# points: 2.5 of 4
# message: not its size
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"IFNULL(v{number}, 0E0) AS v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON') AS
        SELECT
          card_holder, id, {filled},
          CASE WHEN amount > 1000 THEN IFNULL(amount, 0E0) / 100 ELSE IFNULL(amount, 0E0) END AS amount,
          CAST(class AS INT) AS class
        FROM raw_payments
        WHERE processor <> 'probe'
        EMIT CHANGES;
    """
