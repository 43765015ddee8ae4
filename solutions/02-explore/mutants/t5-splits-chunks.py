# mistake: splits each chunk by itself
# points: 0.43 of 3
# message: Keep what is left
from collections.abc import Iterable, Iterator


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of bytes that was cut into chunks anywhere."""
    for chunk in chunks:
        yield from filter(None, chunk.split(b"\n"))
