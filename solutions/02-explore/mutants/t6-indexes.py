# mistake: takes the lines for a list
# points: 2.62 of 3
# message: has no length and no [0]
import json

import pandas as pd


def frame_of(lines):
    for line in lines:
        if isinstance(json.loads(line), dict) and "message" in json.loads(line):
            raise ValueError(json.loads(line)["message"])
    header = json.loads(lines[0])
    frame = pd.DataFrame([json.loads(line) for line in lines[1:]], columns=header["columnNames"])
    numeric = {"DOUBLE": "float64", "BIGINT": "int64", "INTEGER": "int64"}
    types = zip(header["columnNames"], header["columnTypes"], strict=True)
    return frame.astype({name: numeric[kind] for name, kind in types if kind in numeric})
