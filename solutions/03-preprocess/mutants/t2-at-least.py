# mistake: takes 1000 for more than 1000
# points: 2.4 of 3
# message: 1000 is not more than 1000
def large_frauds() -> str:
    """The statement that makes the stream ``large_frauds`` of ``raw``."""
    return """
        CREATE STREAM large_frauds WITH (KAFKA_TOPIC = 'large_frauds', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount
        FROM raw
        WHERE CAST(class AS DOUBLE) = 1 AND CAST(amount AS DOUBLE) >= 1000
        EMIT CHANGES;
    """
