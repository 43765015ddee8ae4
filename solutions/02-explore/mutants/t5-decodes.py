# mistake: decodes each chunk by itself
# points: 2.57 of 3
# message: One of the cuts gave other lines
from collections.abc import Iterable, Iterator


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of bytes that was cut into chunks anywhere."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk.decode().encode()).split(b"\n")
        yield from filter(None, lines)
    if rest:
        yield rest
