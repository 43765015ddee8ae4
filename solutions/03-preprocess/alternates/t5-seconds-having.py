# way: seconds and lower case
def trips() -> str:
    """The statement that makes the table ``trips``."""
    return """
        CREATE TABLE trips WITH (KAFKA_TOPIC = 'trips', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest
        FROM prepared
        window session (1800 seconds, grace period 1 day)
        GROUP BY card_holder
        EMIT CHANGES;
    """
