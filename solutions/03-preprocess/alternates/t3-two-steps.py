# way: joins first, fills afterwards
def join_users():
    return '''
        CREATE STREAM joined WITH (VALUE_FORMAT = 'JSON') AS
        SELECT p.card_holder AS card_holder, p.id AS id, p.amount AS amount, u.gender AS gender, u.regionid AS regionid
        FROM prepared p LEFT JOIN users u ON p.card_holder = u.userid EMIT CHANGES;
        CREATE STREAM payments_with_users AS
        SELECT card_holder, id, amount,
            CASE WHEN gender IS NULL THEN 'unknown' ELSE gender END AS gender,
            CASE WHEN regionid IS NULL THEN 'unknown' ELSE regionid END AS region
        FROM joined EMIT CHANGES;
    '''
