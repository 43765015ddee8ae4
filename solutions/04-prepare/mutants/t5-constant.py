# mistake: divides by 0
# points: 3.43 of 4
# message: such a column only loses its mean
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
    scaler.scale_ = train.std(axis=0)
    return scaler.transform(train), scaler.transform(validation), scaler.transform(test)
