# mistake: takes the first column for the key
# points: 1 of 2
# message: A key need not be the first
def columns_of(answer: list[dict]) -> dict[str, str]:
    """Column name → type, from the answer to a DESCRIBE."""
    return {field["name"]: field["schema"]["type"] for field in answer[0]["sourceDescription"]["fields"]}


def keys_of(answer: list[dict]) -> list[str]:
    """The names of the key columns, from the answer to a DESCRIBE."""
    return [answer[0]["sourceDescription"]["fields"][0]["name"]]
