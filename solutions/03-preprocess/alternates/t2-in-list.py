# way: lists the spellings of the label
def large_frauds():
    return '''
        CREATE STREAM large_frauds AS
        SELECT card_holder, CAST(amount AS DOUBLE) AS amount, CAST(id AS BIGINT) AS id
        FROM raw WHERE CAST(amount AS DECIMAL(12, 2)) > 1000 AND class IN ('1', '1.0') EMIT CHANGES;
    '''
