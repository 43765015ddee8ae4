# mistake: gathers all chunks before it gives a line
# points: 2.14 of 3
# message: who gathers all of its chunks first waits for ever
def lines_of(chunks):
    for line in b"".join(chunks).split(b"\n"):
        if line:
            yield line
