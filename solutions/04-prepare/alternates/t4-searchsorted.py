# way: by positions
import numpy as np
from fraud_pipeline.prepare import Split


def split_by_time(payments, train=0.6, validation=0.1, by="ROWTIME"):
    if not (0 < train < 1 and 0 < validation < 1 - train):
        raise ValueError("shares")
    ordered = payments.sort_values(by).reset_index(drop=True)
    n = len(ordered)
    cuts = [int(np.searchsorted(ordered[by], ordered[by].iloc[round(share * n)], side="left")) for share in (train, train + validation)]
    first, second = ordered.iloc[: cuts[0]], ordered.iloc[cuts[0] : cuts[1]]
    return Split(first, second.reset_index(drop=True), ordered.iloc[cuts[1] :].reset_index(drop=True))
