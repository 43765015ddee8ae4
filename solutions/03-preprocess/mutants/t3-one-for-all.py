# mistake: looks at the user instead of the column
# points: 2.33 of 3
# message: A column may be null though the user is known
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
            CASE WHEN u.userid IS NULL THEN 'unknown' ELSE u.regionid END AS region
        FROM prepared p
        LEFT JOIN users u ON p.card_holder = u.userid
        EMIT CHANGES;
    """
