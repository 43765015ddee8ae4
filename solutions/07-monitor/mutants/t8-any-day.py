# mistake: one day is enough
# points: 2.8 of 4
# message: one day is no reason
from collections.abc import Mapping, Sequence


def decide(days: Sequence[Mapping[str, float | None]], alert_budget: float) -> str:
    """`"repair"`, `"retrain"`, `"threshold"` or `"wait"`, by the rules above."""

    def above(day: Mapping[str, float | None], name: str, limit: float) -> bool:
        value = day[name]
        return value is not None and value > limit

    def lasting(name: str, limit: float) -> bool:
        return len(days) >= 3 and any(above(day, name, limit) for day in days[-3:])

    if days and above(days[-1], "dead_letters", 0.01):
        return "repair"
    if lasting("psi", 0.25):
        return "retrain"
    if lasting("alerts_per_10k", 2 * alert_budget):
        return "threshold"
    return "wait"
