# way: CASE
def join_users() -> str:
    """The statement that makes the stream ``payments_with_users``."""
    return """
        CREATE STREAM payments_with_users
        WITH (KAFKA_TOPIC = 'payments_with_users', VALUE_FORMAT = 'JSON') AS
        SELECT
            p.card_holder AS card_holder,
            p.id AS id,
            p.amount AS amount,
            CASE WHEN u.gender IS NULL THEN 'unknown' ELSE u.gender END AS gender,
            IFNULL(u.regionid, 'unknown') AS region
        FROM prepared AS p
        LEFT OUTER JOIN users AS u ON p.card_holder = u.userid
        EMIT CHANGES;
    """
