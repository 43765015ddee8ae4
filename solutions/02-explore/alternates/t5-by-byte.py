# way: goes byte by byte
def lines_of(chunks):
    line = b""
    for byte in (bytes([one]) for chunk in chunks for one in chunk):
        if byte != b"\n":
            line += byte
            continue
        if line:
            yield line
        line = b""
    if line:
        yield line
