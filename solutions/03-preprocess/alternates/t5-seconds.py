# way: 1800 seconds, columns in another order
def trips():
    return '''
        CREATE TABLE trips AS SELECT card_holder, MAX(amount) AS largest, SUM(amount) AS total, COUNT(amount) AS payments
        FROM prepared WINDOW SESSION (1800 SECONDS) GROUP BY card_holder EMIT CHANGES;
    '''
