# way: one loop with a comparison that NaN fails
from collections import defaultdict


def breaches(figures, limits):
    lists = defaultdict(list, breached=[], unknown=[])
    for name in limits:
        figure = figures.get(name)
        if figure is None or figure != figure:
            lists["unknown"].append(name)
        elif not figure <= limits[name]:
            lists["breached"].append(name)
    return lists
