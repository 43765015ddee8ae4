# way: COALESCE, the sides of ON turned round
def join_users():
    return '''
        CREATE STREAM payments_with_users AS
        SELECT prepared.card_holder AS card_holder, COALESCE(users.regionid, 'unknown') AS region,
               COALESCE(users.gender, 'unknown') AS gender, prepared.amount AS amount, prepared.id AS id
        FROM prepared LEFT OUTER JOIN users ON users.userid = prepared.card_holder EMIT CHANGES;
    '''
