# mistake: names the columns in another order
# points: 1 of 2
# message: Names, order and types
def declare_payments() -> str:
    """The statement that declares the stream ``payments``."""
    return """
        CREATE STREAM payments (
            card_holder VARCHAR KEY, id BIGINT, region VARCHAR, amount DOUBLE, label VARCHAR
        ) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'DELIMITED');
    """
