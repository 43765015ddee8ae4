# mistake: gives both the same channel
# points: 1.6 of 4
# message: 300 cents are 3.0
def merge_payments() -> str:
    """The statements that make the stream ``all_payments`` of ``shop`` and ``web``."""
    return """
        CREATE STREAM all_payments WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, id, amount, 'shop' AS channel
        FROM shop
        EMIT CHANGES;

        INSERT INTO all_payments
        SELECT card_holder, order_id AS id, CAST(cents AS DOUBLE) / 100 AS amount, 'shop' AS channel
        FROM web
        EMIT CHANGES;
    """
