# mistake: divides whole numbers
# points: 2.4 of 4
# message: loses the rest
def merge_payments() -> str:
    """The statements that make the stream ``all_payments`` of ``shop`` and ``web``."""
    return """
        CREATE STREAM all_payments WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, id, amount, 'shop' AS channel
        FROM shop
        EMIT CHANGES;

        INSERT INTO all_payments
        SELECT card_holder, order_id AS id, CAST(cents / 100 AS DOUBLE) AS amount, 'web' AS channel
        FROM web
        EMIT CHANGES;
    """
