# mistake: makes whole numbers of floats, which cannot hold them all
# points: 2.62 of 3
# message: more digits than a float can hold
import json

import pandas as pd


def frame_of(lines):
    header, *rows = [json.loads(line, parse_int=float) for line in lines]
    for line in (header, *rows):
        if "message" in line:
            raise ValueError(line["message"])
    frame = pd.DataFrame(rows, columns=header["columnNames"])
    for name, kind in zip(header["columnNames"], header["columnTypes"], strict=True):
        if kind == "DOUBLE":
            frame[name] = frame[name].astype("float64")
        elif kind in ("BIGINT", "INTEGER"):
            frame[name] = frame[name].astype("int64")
    return frame
