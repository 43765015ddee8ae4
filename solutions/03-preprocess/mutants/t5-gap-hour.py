# mistake: has a gap of one hour
# points: 0 of 2
# message: minute 120 alone
def trips() -> str:
    """The statement that makes the table ``trips``."""
    return """
        CREATE TABLE trips WITH (KAFKA_TOPIC = 'trips', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest
        FROM prepared
        WINDOW SESSION (1 HOUR)
        GROUP BY card_holder
        EMIT CHANGES;
    """
