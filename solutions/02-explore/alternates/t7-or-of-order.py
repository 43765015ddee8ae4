# way: columns in another order, the bound on the left
def large_payments():
    return "select amount, id from payments where 1000.0 < amount emit changes limit 3;"


def spent_by(card_holder):
    return "SELECT total, payments FROM spent WHERE '" + card_holder + "' = card_holder;"
