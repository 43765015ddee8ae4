# way: looks the score of each position up
def score_records(records, kept, features, detector):
    score_of = {}
    if features.shape[0] > 0:
        score_of = dict(zip(kept, detector.score(features)))
    found = []
    for position, record in enumerate(records):
        if position in score_of:
            score = score_of[position]
            found.append(dict(partition=record.partition, offset=record.offset, score=score, alert=score > detector.threshold))
    return found
