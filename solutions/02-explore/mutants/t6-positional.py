# mistake: forgets the columns' names
# points: 0.75 of 3
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
    frame = pd.DataFrame(rows)
    numeric = {"DOUBLE": "float64", "BIGINT": "int64", "INTEGER": "int64"}
    types = zip(header["columnNames"], header["columnTypes"])
    return frame
