# mistake: looks only at the payments that are there
# points: 2.25 of 3
# message: large payments that come later are not shown
def large_payments():
    return "SELECT id, amount FROM payments WHERE amount > 1000 LIMIT 3;"


def spent_by(card_holder):
    return f"SELECT payments, total FROM spent WHERE card_holder = '{card_holder}';"
