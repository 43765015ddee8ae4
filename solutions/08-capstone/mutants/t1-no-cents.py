# mistake: takes cents for whole units
# points: 2 of 4
# message: The south sends cents
def prepare_payments() -> str:
    """The statement that makes the stream ``payments`` of ``raw_payments``."""
    filled = ", ".join(f"IFNULL(v{number}, 0E0) AS v{number}" for number in range(1, 29))
    return f"""
        CREATE STREAM payments WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON') AS
        SELECT
          card_holder, id, {filled},
          IFNULL(amount, 0E0) AS amount,
          CAST(class AS INT) AS class
        FROM raw_payments
        WHERE processor <> 'probe'
        EMIT CHANGES;
    """
