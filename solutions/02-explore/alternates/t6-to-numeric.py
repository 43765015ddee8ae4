# way: rows as dictionaries, then one conversion a column
import json

import pandas as pd


def frame_of(lines):
    lines = iter(lines)
    first = json.loads(next(lines))
    if "message" in first:
        raise ValueError(first["message"])
    names = first["columnNames"]
    rows = []
    for line in lines:
        row = json.loads(line)
        if isinstance(row, dict):
            raise ValueError(row["message"])
        rows.append(dict(zip(names, row)))
    frame = pd.DataFrame.from_records(rows, columns=names)
    for name, kind in zip(names, first["columnTypes"]):
        if kind == "DOUBLE":
            frame[name] = pd.to_numeric(frame[name]).astype(float)
        elif kind in ("BIGINT", "INTEGER"):
            frame[name] = frame[name].astype("int64")
    return frame
