# mistake: gives empty lines too
# points: 1.71 of 3
# message: Empty lines are no rows
from collections.abc import Iterable, Iterator


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of bytes that was cut into chunks anywhere."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    if rest:
        yield rest
