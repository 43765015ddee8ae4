# mistake: keyed by the number
# points: 2.75 of 3
# message: card_holder is the key
def scores_in_sql() -> str:
    """Statements that make `fraud_scores_sql`, `fraud_alerts_sql` and `unscored_sql` from `payments`."""
    return """
        CREATE STREAM scored AS
        SELECT card_holder, id, FRAUD_SCORE(ARRAY[v1, v2, v3, amount]) AS score
        FROM payments PARTITION BY id EMIT CHANGES;

        CREATE STREAM fraud_scores_sql AS SELECT * FROM scored WHERE score IS NOT NULL EMIT CHANGES;
        CREATE STREAM fraud_alerts_sql AS SELECT * FROM scored WHERE score > FRAUD_THRESHOLD() EMIT CHANGES;
        CREATE STREAM unscored_sql AS SELECT card_holder, id FROM scored WHERE score IS NULL EMIT CHANGES;
    """
