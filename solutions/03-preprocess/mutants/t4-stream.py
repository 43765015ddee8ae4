# mistake: makes a stream of it
# points: 0 of 4
# message: for Ann's first five minutes
def busy() -> str:
    """The statement that makes the table ``busy``."""
    return """
        CREATE STREAM busy WITH (KAFKA_TOPIC = 'busy', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total
        FROM prepared
        WINDOW TUMBLING (SIZE 5 MINUTES)
        WHERE amount >= 1
        GROUP BY card_holder
        HAVING COUNT(*) >= 3
        EMIT CHANGES;
    """
