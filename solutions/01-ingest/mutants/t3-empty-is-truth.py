# mistake: counts all that is not 0
# points: 1.2 of 2
# message: An empty last field
from collections.abc import Iterable


def count_frauds(lines: Iterable[bytes]) -> int:
    """How many of the payments are labelled as fraud."""
    return sum(line.decode().split(",")[-1] not in ("0", "0.0") for line in lines)
