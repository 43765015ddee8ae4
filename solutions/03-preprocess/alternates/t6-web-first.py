# way: the web first, each by way of a stream of its own
def merge_payments():
    return '''
        CREATE STREAM web_payments AS
        SELECT card_holder, order_id AS id, CAST(cents AS DOUBLE) / 100.0E0 AS amount FROM web EMIT CHANGES;
        CREATE STREAM all_payments WITH (VALUE_FORMAT = 'AVRO') AS
        SELECT w.card_holder AS card_holder, w.id AS id, w.amount AS amount, 'web' AS channel FROM web_payments w EMIT CHANGES;
        INSERT INTO all_payments
        SELECT s.card_holder AS card_holder, s.id AS id, s.amount AS amount, 'shop' AS channel FROM shop s EMIT CHANGES;
    '''
