# mistake: loses payments of unknown users
# points: 1.67 of 3
# message: The payment must stay
def join_users() -> str:
    """The statement that makes the stream ``payments_with_users``."""
    return """
        CREATE STREAM payments_with_users
        WITH (KAFKA_TOPIC = 'payments_with_users', VALUE_FORMAT = 'JSON') AS
        SELECT
            p.card_holder AS card_holder,
            p.id AS id,
            p.amount AS amount,
            IFNULL(u.gender, 'unknown') AS gender,
            IFNULL(u.regionid, 'unknown') AS region
        FROM prepared p
        JOIN users u ON p.card_holder = u.userid
        EMIT CHANGES;
    """
