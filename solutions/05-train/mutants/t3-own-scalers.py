# mistake: each part scaled by itself
# points: 1.33 of 4
# message: scaled by what the training rows say
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame) -> dict[str, np.ndarray]:
    """Standardised features under `train`, `validation` and `test`, by the rules above."""
    normal = [part[part["CLASS"] == 0] for part in (train, validation)]
    arrays = [part[list(FEATURES)].to_numpy() for part in (*normal, test)]
    return dict(zip(("train", "validation", "test"), [StandardScaler().fit_transform(part) for part in arrays], strict=True))
