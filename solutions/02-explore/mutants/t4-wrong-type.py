# mistake: takes the entry beside the name for the type
# points: 1 of 2
# message: The type of a column is in its schema
def columns_of(answer: list[dict]) -> dict[str, str]:
    """Column name → type, from the answer to a DESCRIBE."""
    return {field["name"]: field.get("type") for field in answer[0]["sourceDescription"]["fields"]}


def keys_of(answer: list[dict]) -> list[str]:
    """The names of the key columns, from the answer to a DESCRIBE."""
    return [field["name"] for field in answer[0]["sourceDescription"]["fields"] if field.get("type") == "KEY"]
