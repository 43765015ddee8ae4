# mistake: compares text with text
# points: 1.2 of 3
# message: CAST the text first
def large_frauds() -> str:
    """The statement that makes the stream ``large_frauds`` of ``raw``."""
    return """
        CREATE STREAM large_frauds WITH (KAFKA_TOPIC = 'large_frauds', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount
        FROM raw
        WHERE class = '1' AND amount > '1000'
        EMIT CHANGES;
    """
