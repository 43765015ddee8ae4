# mistake: leaves null where nothing is known
# points: 1.67 of 3
# message: both columns must say unknown
def join_users() -> str:
    """The statement that makes the stream ``payments_with_users``."""
    return """
        CREATE STREAM payments_with_users
        WITH (KAFKA_TOPIC = 'payments_with_users', VALUE_FORMAT = 'JSON') AS
        SELECT
            p.card_holder AS card_holder,
            p.id AS id,
            p.amount AS amount,
            u.gender AS gender,
            u.regionid AS region
        FROM prepared p
        LEFT JOIN users u ON p.card_holder = u.userid
        EMIT CHANGES;
    """
