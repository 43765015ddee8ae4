# mistake: compares the label as text
# points: 1.8 of 3
# message: 1.0 is the same label as 1
def large_frauds() -> str:
    """The statement that makes the stream ``large_frauds`` of ``raw``."""
    return """
        CREATE STREAM large_frauds WITH (KAFKA_TOPIC = 'large_frauds', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount
        FROM raw
        WHERE class = '1' AND CAST(amount AS DOUBLE) > 1000
        EMIT CHANGES;
    """
