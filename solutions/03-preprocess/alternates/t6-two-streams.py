# way: union by two inserts
def merge_payments():
    return '''
    CREATE STREAM all_payments (card_holder VARCHAR KEY, id BIGINT, amount DOUBLE, channel VARCHAR)
      WITH (KAFKA_TOPIC = 'all_payments', VALUE_FORMAT = 'JSON', PARTITIONS = 1);
    INSERT INTO all_payments SELECT card_holder, order_id AS id, cents / 100.0E0 AS amount, 'web' AS channel FROM web;
    INSERT INTO all_payments SELECT card_holder, id, amount, 'shop' AS channel FROM shop EMIT CHANGES;
    '''
