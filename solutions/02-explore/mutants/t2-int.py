# mistake: takes INT for a long number
# points: 1 of 2
# message: beyond two billion
def declare_payments() -> str:
    """The statement that declares the stream ``payments``."""
    return """
        CREATE STREAM payments (
            card_holder VARCHAR KEY, id INT, amount DOUBLE, region VARCHAR, label VARCHAR
        ) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'DELIMITED');
    """
