# way: with aliases and NOT
def large_payments():
    return '''
        SELECT p.id AS id, p.amount AS amount
        FROM payments p
        WHERE NOT (p.amount <= 1000)
        EMIT CHANGES
        LIMIT 3;
    '''


def spent_by(card_holder):
    return f"SELECT payments AS payments, total AS total FROM spent WHERE card_holder IN ('{card_holder}');"
