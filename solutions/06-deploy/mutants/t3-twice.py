# mistake: calls the detector once more for the alerts
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
    for position, score in zip(kept, detector.score(features).tolist()):
        record = records[position]
        found.append(
            {
                "partition": record.partition,
                "offset": record.offset,
                "score": score,
                "alert": bool(detector.score(features[kept.index(position) : kept.index(position) + 1])[0] > detector.threshold),
            }
        )
    return found
