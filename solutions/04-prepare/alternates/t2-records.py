# way: sorts by the index
import pandas as pd


def frame_of(rows):
    frame = pd.DataFrame.from_records(rows)[["ID", "USER", "TIME", "V1", "AMOUNT", "CLASS", "ROWTIME"]]
    numbers = [name for name in frame if name != "USER"]
    if frame[numbers].isnull().values.any():
        raise ValueError("gaps")
    frame = frame.set_index(["ROWTIME", "ID"], drop=False).sort_index().reset_index(drop=True)
    frame[["V1", "AMOUNT"]] = frame[["V1", "AMOUNT"]].astype(float)
    return frame.astype({"ID": "int64", "TIME": "int64", "V1": float, "AMOUNT": float, "CLASS": "int8", "ROWTIME": "int64"})
