# mistake: fits the scaler before the split
# points: 0.57 of 4
# message: the training rows have mean 0
import numpy as np
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import split_by_time as split_payments


def scaled_parts(payments: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of training, validation and test, scaled by what the training rows say."""
    split = split_payments(payments)
    train = split.train[columns].to_numpy(np.float64)
    validation = split.validation[columns].to_numpy(np.float64)
    test = split.test[columns].to_numpy(np.float64)
    scaler = StandardScaler().fit(payments[columns].to_numpy(np.float64))
    return scaler.transform(train), scaler.transform(validation), scaler.transform(test)
