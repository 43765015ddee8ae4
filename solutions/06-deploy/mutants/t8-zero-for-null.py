# mistake: scores what is missing as 0
# points: 1.5 of 3
# message: Payments 4, 6, 8 and 9 lack a feature
def scores_in_sql() -> str:
    """Statements that make `fraud_scores_sql`, `fraud_alerts_sql` and `unscored_sql` from `payments`."""
    return """
        CREATE STREAM scored AS
        SELECT card_holder, id, FRAUD_SCORE(ARRAY[COALESCE(v1, 0.0), COALESCE(v2, 0.0), COALESCE(v3, 0.0), COALESCE(amount, 0.0)]) AS score
        FROM payments EMIT CHANGES;

        CREATE STREAM fraud_scores_sql AS SELECT * FROM scored WHERE score IS NOT NULL EMIT CHANGES;
        CREATE STREAM fraud_alerts_sql AS SELECT * FROM scored WHERE score > FRAUD_THRESHOLD() EMIT CHANGES;
        CREATE STREAM unscored_sql AS SELECT card_holder, id FROM scored WHERE score IS NULL EMIT CHANGES;
    """
