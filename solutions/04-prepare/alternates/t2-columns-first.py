# way: column by column, with NumPy
import numpy as np
import pandas as pd

TYPES = {"ID": "int64", "USER": object, "TIME": "int64", "V1": "float64", "AMOUNT": "float64", "CLASS": "int8", "ROWTIME": "int64"}


def frame_of(rows):
    ordered = sorted(rows, key=lambda row: (row["ROWTIME"], row["ID"]))
    columns = {}
    for name, kind in TYPES.items():
        values = [row[name] for row in ordered]
        if name != "USER" and any(value is None or value != value for value in values):
            raise ValueError(f"{name} has gaps")
        columns[name] = np.array(values, dtype=kind)
    return pd.DataFrame(columns)
