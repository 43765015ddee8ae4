# mistake: leaves the test rows as they are
# points: 2.86 of 4
# message: not scaled by the training rows alone
import numpy as np
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import split_by_time as split_payments


def scaled_parts(payments: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of training, validation and test, scaled by what the training rows say."""
    split = split_payments(payments)
    train = split.train[columns].to_numpy(np.float64)
    validation = split.validation[columns].to_numpy(np.float64)
    test = split.test[columns].to_numpy(np.float64)
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(validation), test
