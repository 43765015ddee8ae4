# mistake: keyed by the number
# points: 3.33 of 4
# message: The key stays card_holder
def prepare_payments() -> str:
    """The statement that makes the stream ``prepared`` of ``payments``."""
    return """
        CREATE STREAM prepared
        WITH (KAFKA_TOPIC = 'prepared', VALUE_FORMAT = 'AVRO') AS
        SELECT
            card_holder,
            id,
            MASK_KEEP_RIGHT(user, 2) AS user,
            IFNULL(v1, 0E0) AS v1,
            IFNULL(amount, 0E0) AS amount,
            CAST(class AS INT) AS class
        FROM payments
        WHERE class IS NOT NULL
        PARTITION BY id
        EMIT CHANGES;
    """
