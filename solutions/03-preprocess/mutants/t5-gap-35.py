# mistake: a gap of 35 minutes
# points: 1.33 of 2
# message: no more and no less
def trips() -> str:
    """The statement that makes the table ``trips``."""
    return """
        CREATE TABLE trips WITH (KAFKA_TOPIC = 'trips', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest
        FROM prepared
        WINDOW SESSION (35 MINUTES)
        GROUP BY card_holder
        EMIT CHANGES;
    """
