# mistake: makes the windows too long
# points: 0 of 4
# message: belongs to the window that begins there
def busy() -> str:
    """The statement that makes the table ``busy``."""
    return """
        CREATE TABLE busy WITH (KAFKA_TOPIC = 'busy', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total
        FROM prepared
        WINDOW TUMBLING (SIZE 6 MINUTES)
        WHERE amount >= 1
        GROUP BY card_holder
        HAVING COUNT(*) >= 3
        EMIT CHANGES;
    """
