# mistake: calls the detector for an empty batch
# points: 2.95 of 3
# message: One call a batch
from collections.abc import Sequence

import numpy as np

from fraud_pipeline.deploy import Detector, Incoming


def score_records(
    records: Sequence[Incoming], kept: Sequence[int], features: np.ndarray, detector: Detector
) -> list[dict[str, object]]:
    """`partition`, `offset`, `score` and `alert` of each record that was kept."""
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
    return found
