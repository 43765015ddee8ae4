# way: a flag first, then the filters; alerts from the scores
def scores_in_sql():
    return """
        create stream judged with (kafka_topic = 'judged', value_format = 'JSON', partitions = 1) as
            select *, fraud_score(array[v1, v2, v3, amount]) as score from payments emit changes;
        create stream unscored_sql as select card_holder, id from judged where score is null emit changes;
        create stream fraud_scores_sql as select card_holder, id, score from judged where not (score is null) emit changes;
        create stream fraud_alerts_sql as select * from fraud_scores_sql where fraud_threshold() < score emit changes;
    """
