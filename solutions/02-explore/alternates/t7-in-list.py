# way: other names for the same conditions, with comments
def large_payments():
    return """
        -- the first three
        SELECT p.id AS id, p.amount AS amount FROM payments p
        WHERE NOT (p.amount <= 1000.00) EMIT CHANGES LIMIT 3;
    """


def spent_by(card_holder):
    return f"select payments, total from spent where card_holder in ('{card_holder}');"
