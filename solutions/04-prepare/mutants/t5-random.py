# mistake: splits at random
# points: 1.14 of 4
# message: they were scaled by themselves or were mixed in
import numpy as np
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import split_by_time as split_payments


def scaled_parts(payments: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of training, validation and test, scaled by what the training rows say."""
    split = split_payments(payments.assign(ROWTIME=np.random.default_rng(0).permutation(len(payments))))
    train = split.train[columns].to_numpy(np.float64)
    validation = split.validation[columns].to_numpy(np.float64)
    test = split.test[columns].to_numpy(np.float64)
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(validation), scaler.transform(test)
