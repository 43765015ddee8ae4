# way: declared, then inserted into
def scores_in_sql():
    return '''
    CREATE STREAM fraud_scores_sql (card_holder VARCHAR KEY, id BIGINT, score DOUBLE)
      WITH (KAFKA_TOPIC = 'fraud_scores_sql', VALUE_FORMAT = 'JSON', PARTITIONS = 1);
    INSERT INTO fraud_scores_sql
      SELECT card_holder, id, FRAUD_SCORE(ARRAY[v1, v2, v3, amount]) AS score FROM payments
      WHERE v1 IS NOT NULL AND v2 IS NOT NULL AND v3 IS NOT NULL AND amount IS NOT NULL EMIT CHANGES;
    CREATE STREAM fraud_alerts_sql WITH (VALUE_FORMAT = 'AVRO') AS
      SELECT s.card_holder AS card_holder, s.id AS id, s.score AS score FROM fraud_scores_sql s
      WHERE s.score > FRAUD_THRESHOLD() PARTITION BY s.card_holder;
    CREATE STREAM unscored_sql AS SELECT card_holder, id FROM payments
      WHERE v1 IS NULL OR v2 IS NULL OR v3 IS NULL OR amount IS NULL;
    '''
