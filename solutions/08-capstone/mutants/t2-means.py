# mistake: compares means
# points: 1.8 of 3
# message: not means
import numpy as np
from fraud_pipeline.prepare import FEATURES


def moved_features(before, now, limit=0.25):
    return [name for name in FEATURES if abs(now[name].mean() - before[name].mean()) / before[name].std() > limit * 2]
