# mistake: gives the lines of a chunk when the next one has come
# points: 2.14 of 3
# message: before you ask for the next chunk
def lines_of(chunks):
    rest, ready = b"", []
    for chunk in chunks:
        yield from ready
        *lines, rest = (rest + chunk).split(b"\n")
        ready = [line for line in lines if line]
    yield from ready
    if rest:
        yield rest
