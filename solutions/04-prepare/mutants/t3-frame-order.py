# mistake: takes the order of the frame
# points: 1.5 of 2
# message: not that of the frame
import numpy as np


def features_of(payments: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The feature matrix (n, d) of the payments, in the order of ``columns``."""
    return payments[[name for name in payments.columns if name in columns]].to_numpy(np.float64)
