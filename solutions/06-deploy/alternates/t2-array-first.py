# way: finds what is not finite in the array
import json

import numpy as np


def decode(values, columns):
    rows, rejected = {}, {}
    for position, value in enumerate(values):
        try:
            payment = json.loads(value) if value else None
        except (json.JSONDecodeError, UnicodeDecodeError):
            payment = None
        if type(payment) is not dict:
            rejected[position] = "no JSON object"
        else:
            numbers = [payment.get(name) for name in columns]
            rows[position] = [one if type(one) in (int, float) else np.nan for one in numbers]
    table = np.array(list(rows.values()), dtype=np.float64).reshape(-1, len(columns))
    good = np.isfinite(table).all(axis=1)
    for position, row in zip(rows, table):
        if not np.isfinite(row).all():
            rejected[position] = columns[int(np.argmin(np.isfinite(row)))] + " must be a finite number"
    return {"kept": [p for p, fine in zip(rows, good) if fine], "features": table[good], "rejected": rejected}
