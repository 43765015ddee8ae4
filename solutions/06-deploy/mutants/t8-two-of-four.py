# mistake: looks for two of the four features
# points: 2.5 of 3
# message: each another one
def scores_in_sql() -> str:
    """Statements that make `fraud_scores_sql`, `fraud_alerts_sql` and `unscored_sql` from `payments`."""
    return """
        CREATE STREAM scored AS
        SELECT card_holder, id, FRAUD_SCORE(ARRAY[v1, v2, v3, amount]) AS score
        FROM payments EMIT CHANGES;

        CREATE STREAM fraud_scores_sql AS SELECT * FROM scored WHERE score IS NOT NULL EMIT CHANGES;
        CREATE STREAM fraud_alerts_sql AS SELECT * FROM scored WHERE score > FRAUD_THRESHOLD() EMIT CHANGES;
        CREATE STREAM unscored_sql AS SELECT card_holder, id FROM payments WHERE v1 IS NULL OR amount IS NULL EMIT CHANGES;
    """
