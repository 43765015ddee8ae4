# mistake: scaler fitted on everything
# points: 0 of 4
# message: does the scaler know more than the training rows?
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """Standardised features under `train`, `validation` and `test`, by the rules above."""
    normal = [part[part["CLASS"] == 0] for part in (train, validation)]
    arrays = [part[list(FEATURES)].to_numpy() for part in (*normal, test)]
    scaler = StandardScaler().fit(np.concatenate(arrays))
    return dict(zip(("train", "validation", "test"), map(scaler.transform, arrays), strict=True))
