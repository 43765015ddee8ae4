# mistake: uses windows of a fixed size
# points: 0 of 2
# message: Expected two sessions
def trips() -> str:
    """The statement that makes the table ``trips``."""
    return """
        CREATE TABLE trips WITH (KAFKA_TOPIC = 'trips', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest
        FROM prepared
        WINDOW TUMBLING (SIZE 30 MINUTES)
        GROUP BY card_holder
        EMIT CHANGES;
    """
