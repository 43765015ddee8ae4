# way: figure by figure
import math


def breaches(figures, limits):
    result = {"breached": [], "unknown": []}
    for name, limit in limits.items():
        value = figures.get(name)
        if value is None or math.isnan(value):
            result["unknown"].append(name)
        elif value > limit:
            result["breached"].append(name)
    return result
