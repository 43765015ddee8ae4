# way: 300 seconds, the count by a column, other order
def busy():
    return '''
        CREATE TABLE busy AS
        SELECT card_holder, SUM(p.amount) AS total, COUNT(p.id) AS payments
        FROM prepared p WINDOW TUMBLING (SIZE 300 SECONDS, GRACE PERIOD 1 HOUR)
        WHERE NOT (p.amount < 1.0) GROUP BY card_holder HAVING COUNT(p.id) > 2 EMIT CHANGES;
    '''
