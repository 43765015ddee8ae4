# way: a class and numbers.Real
 
import json
from dataclasses import dataclass, field
from numbers import Real

import numpy as np


@dataclass
class Batch:
    kept: list[int] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)


class Unfit(Exception):
    pass


def row_of(value, columns):
    if not value:
        raise Unfit("there is no value")
    try:
        found = json.loads(value.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Unfit(f"no JSON ({type(error).__name__})") from error
    match found:
        case dict():
            return [number_of(found, one) for one in columns]
        case _:
            raise Unfit(f"a {type(found).__name__} is no object")


def number_of(found, name):
    try:
        one = found[name]
    except KeyError:
        raise Unfit(f"{name} is missing") from None
    if type(one) is bool or not isinstance(one, Real) or not -np.inf < one < np.inf:
        raise Unfit(f"{name} is {one!r}")
    return float(one)


def decode(values, columns):
    batch = Batch()
    for position, value in enumerate(values):
        try:
            batch.rows.append(row_of(value, columns))
            batch.kept.append(position)
        except Unfit as why:
            batch.rejected[position] = str(why)
    features = np.empty((len(batch.rows), len(columns)))
    for place, row in enumerate(batch.rows):
        features[place] = row
    return dict(kept=batch.kept, features=features, rejected=batch.rejected)
