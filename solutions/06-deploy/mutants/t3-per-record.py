# mistake: calls the detector for each record
# points: 2.05 of 3
# message: One call a batch, with the whole array
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
    for position, row in zip(kept, features):
        record = records[position]
        score = float(detector.score(row.reshape(1, -1))[0])
        found.append(
            {
                "partition": record.partition,
                "offset": record.offset,
                "score": score,
                "alert": score > detector.threshold,
            }
        )
    return found
