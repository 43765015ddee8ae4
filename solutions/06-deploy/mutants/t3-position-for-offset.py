# mistake: takes the position in the batch for the offset
# points: 2.05 of 3
# message: has the score of its own row
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
                "offset": position,
                "score": score,
                "alert": score > detector.threshold,
            }
        )
    return found
