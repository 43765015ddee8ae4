# mistake: drops a last line without its end
# points: 2.57 of 3
# message: when the chunks end is a line too
from collections.abc import Iterable, Iterator


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of bytes that was cut into chunks anywhere."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from filter(None, lines)
