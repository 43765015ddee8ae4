# way: a Series for each column, from a generator of rows
import json

import pandas as pd


def frame_of(lines):
    def rows():
        for line in lines:
            row = json.loads(line.decode("utf-8"))
            if isinstance(row, dict) and row.get("message") is not None:
                raise ValueError(row["message"])
            yield row

    found = rows()
    header = next(found)
    kept = list(found)
    kinds = {"DOUBLE": float, "BIGINT": "int64", "INTEGER": "int64"}
    columns = {}
    for place, (name, kind) in enumerate(zip(header["columnNames"], header["columnTypes"], strict=True)):
        columns[name] = pd.Series([row[place] for row in kept], dtype=kinds.get(kind, object))
    return pd.DataFrame(columns)
