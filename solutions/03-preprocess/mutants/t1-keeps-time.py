# mistake: does not drop made_at
# points: 1.33 of 4
# message: six columns of the table
def prepare_payments() -> str:
    """The statement that makes the stream ``prepared`` of ``payments``."""
    return """
        CREATE STREAM prepared
        WITH (KAFKA_TOPIC = 'prepared', VALUE_FORMAT = 'AVRO') AS
        SELECT
            card_holder,
            id, made_at,
            MASK_KEEP_RIGHT(user, 2) AS user,
            IFNULL(v1, 0E0) AS v1,
            IFNULL(amount, 0E0) AS amount,
            CAST(class AS INT) AS class
        FROM payments
        WHERE class IS NOT NULL
        EMIT CHANGES;
    """
