# way: names the partitions, and has a comment
def declare_payments():
    return '''
        -- payments as they come in
        CREATE OR REPLACE STREAM payments (id BIGINT, card_holder VARCHAR KEY, amount DOUBLE, region VARCHAR, label VARCHAR)
        WITH (VALUE_FORMAT='DELIMITED', KAFKA_TOPIC='payments', PARTITIONS=3);
    '''
