# mistake: makes float32
# points: 1.5 of 2
# message: The matrix is float64
import numpy as np


def features_of(payments: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The feature matrix (n, d) of the payments, in the order of ``columns``."""
    return payments[columns].to_numpy(np.float32)
