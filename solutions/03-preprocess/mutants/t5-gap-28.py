# mistake: has a gap of 28 minutes
# points: 0.67 of 2
# message: Bob's payments are 29 and 28 minutes apart
def trips() -> str:
    """The statement that makes the table ``trips``."""
    return """
        CREATE TABLE trips WITH (KAFKA_TOPIC = 'trips', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest
        FROM prepared
        WINDOW SESSION (28 MINUTES)
        GROUP BY card_holder
        EMIT CHANGES;
    """
