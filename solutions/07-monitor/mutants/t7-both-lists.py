# mistake: a missing figure stands on both lists
# points: 1.2 of 3
# message: it is unknown, and no breach
import math
from collections.abc import Mapping


def breaches(figures: Mapping[str, float | None], limits: Mapping[str, float]) -> dict[str, list[str]]:
    """The names of figures above their limits (`breached`) and of those that are missing (`unknown`)."""
    unknown = [name for name in limits if figures.get(name) is None or math.isnan(figures[name])]
    return {
        "breached": [name for name, limit in limits.items() if name in unknown or figures[name] > limit],
        "unknown": unknown,
    }
