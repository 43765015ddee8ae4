# mistake: makes every number a float
# points: 1.12 of 3
# message: Expected: [the columns
import json
from collections.abc import Iterable

import pandas as pd


def frame_of(lines: Iterable[bytes]) -> pd.DataFrame:
    """The rows of a query's answer as a frame with typed columns."""
    header, *rows = map(json.loads, lines)
    for line in (header, *rows):
        if isinstance(line, dict) and "message" in line:
            raise ValueError(line["message"])
    frame = pd.DataFrame(rows, columns=header["columnNames"])
    numeric = {"DOUBLE": "float64", "BIGINT": "float64", "INTEGER": "float64"}
    types = zip(header["columnNames"], header["columnTypes"])
    return frame.astype({name: numeric[kind] for name, kind in types if kind in numeric})
