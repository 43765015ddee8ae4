# mistake: has a line for the rejected records too
# points: 1.32 of 3
# message: which record does the first row belong to
from collections.abc import Sequence

import numpy as np

from fraud_pipeline.deploy import Detector, Incoming


def score_records(
    records: Sequence[Incoming], kept: Sequence[int], features: np.ndarray, detector: Detector
) -> list[dict[str, object]]:
    """`partition`, `offset`, `score` and `alert` of each record that was kept."""
    if not kept:
        return []
    found = []
    for position, score in zip(kept, detector.score(features).tolist()):
        record = records[position]
        found.append(
            {
                "partition": record.partition,
                "offset": record.offset,
                "score": score,
                "alert": score > detector.threshold,
            }
        )
    for position, record in enumerate(records):
        if position not in kept:
            found.append({"partition": record.partition, "offset": record.offset, "score": 0.0, "alert": False})
    return found
