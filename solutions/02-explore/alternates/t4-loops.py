# way: with loops
def columns_of(answer):
    columns = {}
    for field in answer[0]["sourceDescription"]["fields"]:
        columns[field["name"]] = field["schema"]["type"]
    return columns


def keys_of(answer):
    keys = []
    for field in answer[0]["sourceDescription"]["fields"]:
        if "type" in field and field["type"] == "KEY":
            keys.append(field["name"])
    return keys
