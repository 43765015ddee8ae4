# mistake: gives the rows to the records in front
# points: 2.16 of 3
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
    for position, score in enumerate( detector.score(features).tolist()):
        record = records[position]
        found.append(
            {
                "partition": record.partition,
                "offset": record.offset,
                "score": score,
                "alert": score > detector.threshold,
            }
        )
    return found
