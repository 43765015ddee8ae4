# mistake: takes the frauds out of the test rows too
# points: 2.67 of 4
# message: All test payments stay
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """Standardised features under `train`, `validation` and `test`, by the rules above."""
    normal = [part[part["CLASS"] == 0] for part in (train, validation, test)]
    arrays = [part[list(FEATURES)].to_numpy() for part in normal]
    scaler = StandardScaler().fit(arrays[0])
    return dict(zip(("train", "validation", "test"), map(scaler.transform, arrays), strict=True))
