# mistake: takes the value for comma-separated text
# points: 0.67 of 2
# message: Expected: the last record of each user
def declare_users() -> str:
    """The statement that declares the table ``users``."""
    return """
        CREATE TABLE users (user_id VARCHAR PRIMARY KEY, gender VARCHAR, region VARCHAR)
        WITH (KAFKA_TOPIC = 'users', VALUE_FORMAT = 'DELIMITED');
    """
