# mistake: takes all columns
# points: 2.25 of 3
# message: Expected: id and amount
def large_payments() -> str:
    """A push query for the first three payments of more than 1000."""
    return "SELECT * FROM payments WHERE amount > 1000 EMIT CHANGES LIMIT 3;"


def spent_by(card_holder: str) -> str:
    """A pull query for what the card holder has spent so far."""
    return f"SELECT payments, total FROM spent WHERE card_holder = '{card_holder}';"
