# mistake: what cannot be divided becomes 0, also where the column is no longer constant
# points: 3.43 of 4
# message: such a column only loses its mean
import numpy as np
import pandas as pd

from fraud_pipeline.prepare import split_by_time as split_payments


def scaled_parts(payments: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of training, validation and test, scaled by what the training rows say."""
    split = split_payments(payments)
    train, validation, test = (
        part[columns].to_numpy(dtype=float) for part in (split.train, split.validation, split.test)
    )
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = [(part - mean) / deviation for part in (train, validation, test)]
    return tuple(np.nan_to_num(part, posinf=0.0, neginf=0.0) for part in scaled)
