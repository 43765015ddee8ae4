# way: builds each column by its type
import json

import numpy as np
import pandas as pd


def frame_of(lines):
    names, kinds, columns = [], [], []
    for number, line in enumerate(lines):
        content = json.loads(line)
        if isinstance(content, dict):
            if "message" in content:
                raise ValueError(content["message"])
            names, kinds = content["columnNames"], content["columnTypes"]
            columns = [[] for _ in names]
            continue
        for column, value in zip(columns, content):
            column.append(value)
    data = {}
    for name, kind, column in zip(names, kinds, columns):
        if kind == "DOUBLE":
            data[name] = np.array([np.nan if value is None else value for value in column], dtype=float)
        elif kind in ("BIGINT", "INTEGER"):
            data[name] = np.array(column, dtype="int64")
        else:
            data[name] = column
    return pd.DataFrame(data, columns=names)
