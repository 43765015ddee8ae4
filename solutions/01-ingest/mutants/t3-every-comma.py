# mistake: splits at commas within quotes
# points: 1.6 of 2
# message: shifts the columns
from collections.abc import Iterable


def count_frauds(lines: Iterable[bytes]) -> int:
    """How many of the payments are labelled as fraud."""
    return sum(float(dict(zip(COLUMNS, line.decode().split(",")))["Class"] or 0) == 1 for line in lines)
