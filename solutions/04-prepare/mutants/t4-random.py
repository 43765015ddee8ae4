# mistake: splits at random
# points: 1.78 of 4
# message: sort them first
from fraud_pipeline.prepare import Split


def split_by_time(payments: pd.DataFrame, train: float = 0.6, validation: float = 0.1, by: str = "ROWTIME") -> Split:
    """The earliest ``train`` share, the next ``validation`` share, and the rest. Raises ``ValueError``."""
    if train <= 0 or validation <= 0 or train + validation >= 1:
        raise ValueError("the shares must be positive and leave some payments for the test")
    ordered = payments.sample(frac=1, random_state=3, ignore_index=True)
    times = ordered[by].to_numpy()
    first_of_validation = times[int(train * len(ordered))]
    first_of_test = times[int((train + validation) * len(ordered))]
    return Split(
        train=ordered[:int(train * len(ordered))].reset_index(drop=True),
        validation=ordered[int(train * len(ordered)):int((train + validation) * len(ordered))].reset_index(drop=True),
        test=ordered[int((train + validation) * len(ordered)):].reset_index(drop=True),
    )
