# mistake: compares the amount as text
# points: 1.2 of 3
# message: As text, 9.99 comes after 1000
def large_frauds() -> str:
    """The statement that makes the stream ``large_frauds`` of ``raw``."""
    return """
        CREATE STREAM large_frauds WITH (KAFKA_TOPIC = 'large_frauds', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount
        FROM raw
        WHERE CAST(class AS DOUBLE) = 1 AND amount > '1000'
        EMIT CHANGES;
    """
