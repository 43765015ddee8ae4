# mistake: makes windows that overlap
# points: 2 of 4
# message: belongs to the window that begins there
def busy() -> str:
    """The statement that makes the table ``busy``."""
    return """
        CREATE TABLE busy WITH (KAFKA_TOPIC = 'busy', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total
        FROM prepared
        WINDOW HOPPING (SIZE 5 MINUTES, ADVANCE BY 1 MINUTE)
        WHERE amount >= 1
        GROUP BY card_holder
        HAVING COUNT(*) >= 3
        EMIT CHANGES;
    """
