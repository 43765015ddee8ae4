# mistake: the code as it was found
# points: 0 of 4
# message: does the scaler know more than the training rows?
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """Standardised features under `train`, `validation` and `test`, by the rules above."""
    everything = pd.concat([train, test])
    scaler = StandardScaler().fit(everything[list(FEATURES)].to_numpy())
    scaled = [scaler.transform(part[list(FEATURES)].to_numpy()) for part in (train, test, test)]
    return dict(zip(["train", "validation", "test"], scaled, strict=True))
