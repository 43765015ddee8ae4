# way: nan for all that is missing: it is above nothing, and unequal to itself
from math import nan


def breaches(figures, limits):
    values = {name: nan if figures.get(name) is None else figures[name] for name in limits}
    return {
        "breached": [name for name in limits if values[name] > limits[name]],
        "unknown": [name for name, value in values.items() if value != value],
    }
