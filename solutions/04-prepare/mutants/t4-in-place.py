# mistake: sorts the frame that it was given
# points: 3.56 of 4
# message: sort a copy
from fraud_pipeline.prepare import Split


def split_by_time(payments: pd.DataFrame, train: float = 0.6, validation: float = 0.1, by: str = "ROWTIME") -> Split:
    """The earliest ``train`` share, the next ``validation`` share, and the rest. Raises ``ValueError``."""
    if train <= 0 or validation <= 0 or train + validation >= 1:
        raise ValueError("the shares must be positive and leave some payments for the test")
    payments.sort_values(by, kind="stable", ignore_index=True, inplace=True)
    ordered = payments
    times = ordered[by].to_numpy()
    first_of_validation = times[int(train * len(ordered))]
    first_of_test = times[int((train + validation) * len(ordered))]
    return Split(
        train=ordered[times < first_of_validation].reset_index(drop=True),
        validation=ordered[(first_of_validation <= times) & (times < first_of_test)].reset_index(drop=True),
        test=ordered[times >= first_of_test].reset_index(drop=True),
    )
