# way: a stream with types first, then the filter
def large_frauds():
    return '''
        CREATE STREAM typed WITH (VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, CAST(id AS BIGINT) AS id, CAST(amount AS DOUBLE) AS amount, CAST(class AS DOUBLE) AS class
        FROM raw EMIT CHANGES;
        CREATE STREAM large_frauds AS SELECT card_holder, id, amount FROM typed WHERE class > 0.5 AND amount > 1000 EMIT CHANGES;
    '''
