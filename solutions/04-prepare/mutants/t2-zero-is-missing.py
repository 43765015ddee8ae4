# mistake: `not` takes a number that is 0 for one that is missing
# points: 2.25 of 3
# message: 0 is a number, not a missing one
import pandas as pd

TYPES = {"ID": "int64", "TIME": "int64", "V1": "float64", "AMOUNT": "float64", "CLASS": "int8", "ROWTIME": "int64"}


def frame_of(rows: list[dict]) -> pd.DataFrame:
    """The payments as a frame in the order of event time. Raises ``ValueError`` where a number is missing."""
    for row in rows:
        if not row["V1"] or not row["AMOUNT"]:
            raise ValueError("a number is missing")
    frame = pd.DataFrame(rows)[["ID", "USER", "TIME", "V1", "AMOUNT", "CLASS", "ROWTIME"]]
    if frame[list(TYPES)].isna().any(axis=None):
        raise ValueError("a number is missing")
    return frame.astype(TYPES).sort_values(["ROWTIME", "ID"], ignore_index=True)
