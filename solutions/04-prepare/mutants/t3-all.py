# mistake: takes all number columns
# points: 0.5 of 2
# message: one column a feature
import numpy as np


def features_of(payments: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The feature matrix (n, d) of the payments, in the order of ``columns``."""
    return payments.select_dtypes("number").to_numpy(np.float64)
