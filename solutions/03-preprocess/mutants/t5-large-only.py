# mistake: leaves out small payments, as task 4 does
# points: 1.33 of 2
# message: small ones are part
def trips():
    return """CREATE TABLE trips AS SELECT card_holder, COUNT(*) AS payments, SUM(amount) AS total, MAX(amount) AS largest FROM prepared WINDOW SESSION (30 MINUTES) WHERE amount >= 1 GROUP BY card_holder EMIT CHANGES;"""
