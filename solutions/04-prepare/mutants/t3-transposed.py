# mistake: makes one row a feature
# points: 0.5 of 2
# message: one row a payment
import numpy as np


def features_of(payments: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The feature matrix (n, d) of the payments, in the order of ``columns``."""
    return payments[columns].to_numpy(np.float64).T
