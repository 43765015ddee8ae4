# mistake: declares a stream
# points: 0 of 2
# message: is it a TABLE
def declare_users() -> str:
    """The statement that declares the table ``users``."""
    return """
        CREATE STREAM users (user_id VARCHAR KEY, gender VARCHAR, region VARCHAR)
        WITH (KAFKA_TOPIC = 'users', VALUE_FORMAT = 'JSON');
    """
