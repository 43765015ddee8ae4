# mistake: takes the value for JSON
# points: 1 of 2
# message: Names, order and types
def declare_payments() -> str:
    """The statement that declares the stream ``payments``."""
    return """
        CREATE STREAM payments (
            card_holder VARCHAR KEY, id BIGINT, amount DOUBLE, region VARCHAR, label VARCHAR
        ) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON');
    """
