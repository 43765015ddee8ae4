# mistake: declares the key as part of the value
# points: 0.5 of 2
# message: card_holder is the record's key
def declare_payments() -> str:
    """The statement that declares the stream ``payments``."""
    return """
        CREATE STREAM payments (
            card_holder VARCHAR, id BIGINT, amount DOUBLE, region VARCHAR, label VARCHAR
        ) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'DELIMITED');
    """
