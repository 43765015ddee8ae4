# way: each stream straight from the payments
def scores_in_sql():
    features = ["v1", "v2", "v3", "amount"]
    score = f"FRAUD_SCORE(ARRAY[{', '.join(features)}])"
    complete = " AND ".join(f"{name} IS NOT NULL" for name in features)
    return f"""
        CREATE STREAM unscored_sql WITH (VALUE_FORMAT = 'AVRO') AS
            SELECT card_holder, id FROM payments WHERE NOT ({complete}) EMIT CHANGES;
        CREATE STREAM fraud_alerts_sql AS
            SELECT card_holder, id, {score} AS score FROM payments WHERE {score} > FRAUD_THRESHOLD() EMIT CHANGES;
        CREATE STREAM fraud_scores_sql AS
            SELECT card_holder, id, {score} AS score FROM payments WHERE {complete} EMIT CHANGES;
    """
