# mistake: reads the label as a number
# points: 0.5 of 2
# message: VARCHAR (which KSQL also calls STRING)
def declare_payments() -> str:
    """The statement that declares the stream ``payments``."""
    return """
        CREATE STREAM payments (
            card_holder VARCHAR KEY, id BIGINT, amount DOUBLE, region VARCHAR, label INT
        ) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'DELIMITED');
    """
