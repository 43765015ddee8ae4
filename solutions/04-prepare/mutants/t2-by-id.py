# mistake: orders by ID alone
# points: 2.62 of 3
# message: ROWTIME
import pandas as pd


def frame_of(rows: list[dict]) -> pd.DataFrame:
    """The payments as a frame in the order of event time. Raises ``ValueError`` where a number is missing."""
    columns = ["ID", "USER", "TIME", "V1", "AMOUNT", "CLASS", "ROWTIME"]
    frame = pd.DataFrame(rows, columns=columns)
    if frame.drop(columns="USER").isna().any(axis=None):
        raise ValueError("a payment lacks a number: did preprocessing run?")
    whole = {"ID": "int64", "TIME": "int64", "CLASS": "int8", "ROWTIME": "int64"}
    frame = frame.astype({**whole, "V1": "float64", "AMOUNT": "float64"})
    return frame.sort_values(["ROWTIME", "ID"], ascending=[True, False], ignore_index=True)
