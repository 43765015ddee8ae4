# mistake: does not look at the shares
# points: 3.11 of 4
# message: leave nothing for the test
from fraud_pipeline.prepare import Split


def split_by_time(payments: pd.DataFrame, train: float = 0.6, validation: float = 0.1, by: str = "ROWTIME") -> Split:
    """The earliest ``train`` share, the next ``validation`` share, and the rest. Raises ``ValueError``."""
    ordered = payments.sort_values(by, kind="stable", ignore_index=True)
    times = ordered[by].to_numpy()
    first_of_validation = times[int(train * len(ordered))]
    first_of_test = times[int((train + validation) * len(ordered))]
    return Split(
        train=ordered[times < first_of_validation].reset_index(drop=True),
        validation=ordered[(first_of_validation <= times) & (times < first_of_test)].reset_index(drop=True),
        test=ordered[times >= first_of_test].reset_index(drop=True),
    )
