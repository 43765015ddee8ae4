# mistake: keeps the shop's till
# points: 0 of 4
# message: these four columns and no more
def merge_payments() -> str:
    """The statements that make the stream ``all_payments`` of ``shop`` and ``web``."""
    return """
        CREATE STREAM all_payments WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, id, amount, till, 'shop' AS channel
        FROM shop
        EMIT CHANGES;

        INSERT INTO all_payments
        SELECT card_holder, order_id AS id, CAST(cents AS DOUBLE) / 100 AS amount, 'web' AS channel
        FROM web
        EMIT CHANGES;
    """
