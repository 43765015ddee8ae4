# mistake: compares with the text 1 only
# points: 0.8 of 2
# message: not the same text
from collections.abc import Iterable


def count_frauds(lines: Iterable[bytes]) -> int:
    """How many of the payments are labelled as fraud."""
    return sum(line.decode().split(",")[-1] == "1" for line in lines)
