# way: raises for what does not fit, and catches it
import json

import numpy as np


def feature(payment, name):
    value = payment[name]
    if type(value) not in (int, float) or not np.isfinite(value):
        raise TypeError(name)
    return float(value)


def decode(values, columns):
    features = np.empty((0, len(columns)))
    kept, rejected = [], {}
    for position, value in enumerate(values):
        name = "the whole value"
        try:
            payment = json.loads(value or b"")
            row = []
            if not hasattr(payment, "items"):
                raise TypeError("no object")
            for name in columns:
                row.append(feature(payment, name))
        except (ValueError, TypeError, KeyError) as error:
            rejected[position] = f"cannot use {name}: {error!r}"
        else:
            kept.append(position)
            features = np.vstack([features, row])
    return {"kept": kept, "features": features, "rejected": rejected}
