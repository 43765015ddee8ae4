# way: the reason quotes the payment
import json
import math
from collections.abc import Sequence

import numpy as np


def decode(values: Sequence[bytes | None], columns: Sequence[str]) -> dict[str, object]:
    """`kept`, `features` and `rejected` of a micro-batch of JSON objects, by the rules above."""
    kept, rows, rejected = [], [], {}
    for position, value in enumerate(values):
        try:
            payment = json.loads(value) if value is not None else None
        except ValueError:
            payment = None
        if not isinstance(payment, dict):
            rejected[position] = "not a JSON object"
            continue
        unfit = (name for name in columns if not is_number(payment.get(name)))
        if (first := next(unfit, None)) is not None:
            rejected[position] = f"{first} is not a finite number in {payment}"
            continue
        kept.append(position)
        rows.append([payment[name] for name in columns])
    features = np.array(rows, dtype=float).reshape(len(rows), len(columns))
    return {"kept": kept, "features": features, "rejected": rejected}


def is_number(value: object) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
