# way: a frame of pandas
import numpy as np
import pandas as pd


def score_records(records, kept, features, detector):
    if len(kept) == 0:
        return []
    frame = pd.DataFrame([(records[k].partition, records[k].offset) for k in kept], columns=["partition", "offset"])
    frame["score"] = detector.score(features)
    frame["alert"] = frame["score"].gt(detector.threshold)
    return frame.to_dict("records")
