# way: compares the array with the threshold
def score_records(records, kept, features, detector):
    scores = detector.score(features) if len(kept) else features[:, 0]
    alerts = scores > detector.threshold
    origins = [records[position] for position in kept]
    return [
        {"partition": one.partition, "offset": one.offset, "score": float(score), "alert": bool(alert)}
        for one, score, alert in zip(origins, scores, alerts, strict=True)
    ]
