# mistake: looks for the user in the value
# points: 0 of 2
# message: Expected: the last record of each user
def declare_users() -> str:
    """The statement that declares the table ``users``."""
    return """
        CREATE TABLE users (gender VARCHAR PRIMARY KEY, user_id VARCHAR, region VARCHAR)
        WITH (KAFKA_TOPIC = 'users', VALUE_FORMAT = 'JSON');
    """
