# mistake: swaps gender and region
# points: 1 of 3
# message: gender and region of each payment
def join_users() -> str:
    """The statement that makes the stream ``payments_with_users``."""
    return """
        CREATE STREAM payments_with_users
        WITH (KAFKA_TOPIC = 'payments_with_users', VALUE_FORMAT = 'JSON') AS
        SELECT
            p.card_holder AS card_holder,
            p.id AS id,
            p.amount AS amount,
            IFNULL(u.regionid, 'unknown') AS gender,
            IFNULL(u.gender, 'unknown') AS region
        FROM prepared p
        LEFT JOIN users u ON p.card_holder = u.userid
        EMIT CHANGES;
    """
