# mistake: leaves it as it was found
# points: 0.47 of 3
# message: One call a batch, with the whole array
def score_records(records, kept, features, detector):
    found = []
    for record, row in zip(records, features):
        score = detector.score(row.reshape(1, -1))[0]
        found.append(
            {
                "partition": record.partition,
                "offset": record.offset,
                "score": float(score),
                "alert": bool(score >= detector.threshold),
            }
        )
    return found
