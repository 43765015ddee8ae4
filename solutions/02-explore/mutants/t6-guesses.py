# mistake: lets pandas guess the types of all columns
# points: 2.62 of 3
# message: A STRING stays the text that it is
import json

import pandas as pd


def frame_of(lines):
    header, *rows = map(json.loads, lines)
    for line in (header, *rows):
        if "message" in line:
            raise ValueError(line["message"])
    frame = pd.DataFrame(rows, columns=header["columnNames"])
    for name, kind in zip(header["columnNames"], header["columnTypes"], strict=True):
        if kind in ("BIGINT", "INTEGER"):
            frame[name] = frame[name].astype("int64")
        else:
            try:
                frame[name] = frame[name].astype("float64")
            except ValueError:
                pass
    return frame
