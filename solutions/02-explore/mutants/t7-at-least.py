# mistake: takes 1000 for more than 1000
# points: 2.25 of 3
# message: 1000 is not more than 1000
def large_payments() -> str:
    """A push query for the first three payments of more than 1000."""
    return "SELECT id, amount FROM payments WHERE amount >= 1000 EMIT CHANGES LIMIT 3;"


def spent_by(card_holder: str) -> str:
    """A pull query for what the card holder has spent so far."""
    return f"SELECT payments, total FROM spent WHERE card_holder = '{card_holder}';"
