# mistake: takes everything but 0 for fraud
# points: 2.4 of 3
# message: Only label 1 is a fraud
def large_frauds() -> str:
    """The statement that makes the stream ``large_frauds`` of ``raw``."""
    return """
        CREATE STREAM large_frauds WITH (KAFKA_TOPIC = 'large_frauds', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount
        FROM raw
        WHERE class <> '0' AND CAST(amount AS DOUBLE) > 1000
        EMIT CHANGES;
    """
