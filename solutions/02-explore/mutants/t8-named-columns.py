# mistake: compares the columns of the example, and no further ones
# points: 2.62 of 3
# message: all of them but Class say which payment it is
import pandas as pd


def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    rows = sample[["Time", "V1", "V2", "Amount", "Class"]].assign(row=range(1, len(sample) + 1))
    both = rows.merge(trusted, on=["Time", "V1", "V2", "Amount"], suffixes=("", "_trusted"))
    return sorted(set(both.loc[both["Class"] != both["Class_trusted"], "row"].tolist()))
