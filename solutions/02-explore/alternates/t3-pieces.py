# way: puts the statement together from a dictionary
def declare_users():
    columns = {"user_id": "VARCHAR PRIMARY KEY", "gender": "VARCHAR", "region": "VARCHAR"}
    listed = ",\n".join(f"{name} {kind}" for name, kind in columns.items())
    return f"CREATE TABLE Users ({listed}) WITH (KAFKA_TOPIC = 'users', VALUE_FORMAT = 'JSON', PARTITIONS = 3);"
