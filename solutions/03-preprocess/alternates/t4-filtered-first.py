# way: a stream without small payments first
def busy():
    return '''
        CREATE STREAM real_payments AS SELECT * FROM prepared WHERE amount >= 1 EMIT CHANGES;
        CREATE TABLE busy WITH (VALUE_FORMAT = 'JSON') AS
        SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total
        FROM real_payments WINDOW TUMBLING (SIZE 5 MINUTES)
        GROUP BY card_holder HAVING COUNT(*) >= 3 EMIT CHANGES;
    '''
