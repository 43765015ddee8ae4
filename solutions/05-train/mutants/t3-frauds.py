# mistake: trained on frauds too
# points: 0 of 4
# message: Are there frauds among the rows
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """Standardised features under `train`, `validation` and `test`, by the rules above."""
    normal = [train, validation]
    arrays = [part[list(FEATURES)].to_numpy() for part in (*normal, test)]
    scaler = StandardScaler().fit(arrays[0])
    return dict(zip(("train", "validation", "test"), map(scaler.transform, arrays), strict=True))
