# mistake: takes a limit of 0 for no limit
# points: 2.4 of 3
# message: A limit of 0 is a limit
def breaches(figures, limits):
    known = {name: value for name, value in figures.items() if value is not None and value == value}
    return {
        "breached": [name for name, limit in limits.items() if limit and name in known and known[name] > limit],
        "unknown": [name for name in limits if name not in known],
    }
