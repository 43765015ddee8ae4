# mistake: filters groups instead of payments
# points: 3 of 4
# message: Payments below 1 are not counted at all
def busy() -> str:
    """The statement that makes the table ``busy``."""
    return """
        CREATE TABLE busy WITH (KAFKA_TOPIC = 'busy', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total
        FROM prepared
        WINDOW TUMBLING (SIZE 5 MINUTES)
        GROUP BY card_holder
        HAVING COUNT(*) >= 3 AND SUM(amount) >= 1
        EMIT CHANGES;
    """
