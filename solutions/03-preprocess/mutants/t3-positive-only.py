# mistake: leaves out payments of 0
# points: 2.33 of 3
# message: every payment stays
def join_users():
    return """CREATE STREAM payments_with_users AS SELECT p.card_holder AS card_holder, p.id AS id, p.amount AS amount, IFNULL(u.gender, 'unknown') AS gender, IFNULL(u.regionid, 'unknown') AS region FROM prepared p LEFT JOIN users u ON p.card_holder = u.userid WHERE p.amount > 0 EMIT CHANGES;"""
