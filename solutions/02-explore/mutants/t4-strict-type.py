# mistake: expects every column to have the entry
# points: 0.5 of 2
# message: Only the column with type KEY
def columns_of(answer: list[dict]) -> dict[str, str]:
    """Column name → type, from the answer to a DESCRIBE."""
    return {field["name"]: field["schema"]["type"] for field in answer[0]["sourceDescription"]["fields"]}


def keys_of(answer: list[dict]) -> list[str]:
    """The names of the key columns, from the answer to a DESCRIBE."""
    return [field["name"] for field in answer[0]["sourceDescription"]["fields"] if field["type"] == "KEY"]
