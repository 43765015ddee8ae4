# mistake: leaves the comparison of a text with a number
# points: 0 of 2
# message: What type has the label after split()
from collections.abc import Iterable


def count_frauds(lines: Iterable[bytes]) -> int:
    """How many of the payments are labelled as fraud."""
    return sum(dict(zip(COLUMNS, line.decode().split(",")))["Class"] == 1 for line in lines)
