# way: divides by a DECIMAL, whose result widens to the DOUBLE of the column
def merge_payments() -> str:
    """The statements that make the stream ``all_payments`` of ``shop`` and ``web``."""
    return """
        CREATE STREAM all_payments WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, id, amount, 'shop' AS channel
        FROM shop
        EMIT CHANGES;

        INSERT INTO all_payments
        SELECT card_holder, order_id AS id, cents / 100.0 AS amount, 'web' AS channel
        FROM web
        EMIT CHANGES;
    """
