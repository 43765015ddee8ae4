# mistake: puts payments of one instant into the earlier part
# points: 3.56 of 4
# message: all go to the later part
from fraud_pipeline.prepare import Split


def split_by_time(payments: pd.DataFrame, train: float = 0.6, validation: float = 0.1, by: str = "ROWTIME") -> Split:
    """The earliest ``train`` share, the next ``validation`` share, and the rest. Raises ``ValueError``."""
    if train <= 0 or validation <= 0 or train + validation >= 1:
        raise ValueError("the shares must be positive and leave some payments for the test")
    ordered = payments.sort_values(by, kind="stable", ignore_index=True)
    times = ordered[by].to_numpy()
    first_of_validation = times[int(train * len(ordered))]
    first_of_test = times[int((train + validation) * len(ordered))]
    return Split(
        train=ordered[times <= times[int(train * len(ordered)) - 1]].reset_index(drop=True),
        validation=ordered[(times[int(train * len(ordered)) - 1] < times) & (times <= times[int((train + validation) * len(ordered)) - 1])].reset_index(drop=True),
        test=ordered[times > times[int((train + validation) * len(ordered)) - 1]].reset_index(drop=True),
    )
