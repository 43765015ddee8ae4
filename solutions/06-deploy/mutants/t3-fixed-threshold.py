# mistake: the threshold of the check, as a number
# points: 2.79 of 3
# message: above the detector's threshold
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
                "alert": score > 4.0,
            }
        )
    return found
