# way: one buffer in which the next line end is looked for
def lines_of(chunks):
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while (end := buffer.find(b"\n")) >= 0:
            line = bytes(buffer[:end])
            del buffer[: end + 1]
            if line:
                yield line
    if buffer:
        yield bytes(buffer)
