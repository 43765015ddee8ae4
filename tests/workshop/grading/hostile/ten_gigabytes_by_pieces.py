# points: 0
def double(value):
    kept = []
    while True:
        kept.append(bytearray(b"x" * 2**24))
