# mistake: rows in the order of TIME, seconds since the first payment, in the place of ROWTIME
# points: 2.62 of 3
# message: ROWTIME decides, not TIME
import pandas as pd

TYPES = {"ID": "int64", "TIME": "int64", "V1": "float64", "AMOUNT": "float64", "CLASS": "int8", "ROWTIME": "int64"}


def frame_of(rows: list[dict]) -> pd.DataFrame:
    """The payments as a frame in the order of event time. Raises ``ValueError`` where a number is missing."""
    frame = pd.DataFrame(rows)[["ID", "USER", "TIME", "V1", "AMOUNT", "CLASS", "ROWTIME"]]
    if frame[list(TYPES)].isna().any(axis=None):
        raise ValueError("a number is missing")
    return frame.astype(TYPES).sort_values(["TIME", "ID"], ignore_index=True)
