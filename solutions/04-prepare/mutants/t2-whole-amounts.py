# mistake: leaves amounts as they come
# points: 2.62 of 3
# message: float64 even if all are whole
import pandas as pd


def frame_of(rows: list[dict]) -> pd.DataFrame:
    """The payments as a frame in the order of event time. Raises ``ValueError`` where a number is missing."""
    columns = ["ID", "USER", "TIME", "V1", "AMOUNT", "CLASS", "ROWTIME"]
    frame = pd.DataFrame(rows, columns=columns)
    if frame.drop(columns="USER").isna().any(axis=None):
        raise ValueError("a payment lacks a number: did preprocessing run?")
    whole = {"ID": "int64", "TIME": "int64", "CLASS": "int8", "ROWTIME": "int64"}
    frame = frame.astype({**whole})
    return frame.sort_values(["ROWTIME", "ID"], ignore_index=True)
