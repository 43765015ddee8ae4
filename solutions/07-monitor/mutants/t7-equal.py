# mistake: takes a figure at its limit for a breach
# points: 1.8 of 3
# message: Equal to the limit is not above it
import math
from collections.abc import Mapping


def breaches(figures: Mapping[str, float | None], limits: Mapping[str, float]) -> dict[str, list[str]]:
    """The names of figures above their limits (`breached`) and of those that are missing (`unknown`)."""
    known = {name: value for name, value in figures.items() if value is not None and not math.isnan(value)}
    return {
        "breached": [name for name, limit in limits.items() if name in known and known[name] >= limit],
        "unknown": [name for name in limits if name not in known],
    }
