# mistake: a missing figure counts as a breach, and so does 0
# points: 0.6 of 3
# message: it is unknown, and no breach
from collections.abc import Mapping


def breaches(figures: Mapping[str, float | None], limits: Mapping[str, float]) -> dict[str, list[str]]:
    """The names of figures above their limits (`breached`) and of those that are missing (`unknown`)."""
    return {
        "breached": [name for name, limit in limits.items() if (figures.get(name) or float("inf")) > limit],
        "unknown": [],
    }
