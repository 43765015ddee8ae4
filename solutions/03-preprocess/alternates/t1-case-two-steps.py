# way: CASE, by way of a stream between
def prepare_payments():
    return '''
        CREATE STREAM labelled WITH (KAFKA_TOPIC = 'labelled', VALUE_FORMAT = 'JSON') AS
        SELECT * FROM payments WHERE class IS NOT NULL EMIT CHANGES;
        CREATE STREAM prepared WITH (KAFKA_TOPIC = 'prepared', VALUE_FORMAT = 'AVRO') AS
        SELECT card_holder, id, MASK_KEEP_RIGHT(user, 2) AS user,
            CASE WHEN v1 IS NULL THEN CAST(0 AS DOUBLE) ELSE v1 END AS v1,
            CASE WHEN amount IS NOT NULL THEN amount ELSE 0E0 END AS amount,
            CAST(class AS INT) AS class
        FROM labelled EMIT CHANGES;
    '''
