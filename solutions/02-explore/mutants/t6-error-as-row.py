# mistake: takes an error line for a row
# points: 2.25 of 3
# message: is the server's word that the query failed
import json
from collections.abc import Iterable

import pandas as pd


def frame_of(lines: Iterable[bytes]) -> pd.DataFrame:
    """The rows of a query's answer as a frame with typed columns."""
    header, *rows = map(json.loads, lines)
    for line in (header, *rows):
        if isinstance(line, dict) and "message" in line:
            rows.remove(line)
    frame = pd.DataFrame(rows, columns=header["columnNames"])
    numeric = {"DOUBLE": "float64", "BIGINT": "int64", "INTEGER": "int64"}
    types = zip(header["columnNames"], header["columnTypes"])
    return frame.astype({name: numeric[kind] for name, kind in types if kind in numeric})
