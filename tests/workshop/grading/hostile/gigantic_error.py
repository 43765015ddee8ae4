# points: 0
def double(value):
    error = ValueError("x" * 10**8)
    for _ in range(1000):
        following = type("E" * 10_000, (ValueError,), {})("y" * 1000)
        following.__cause__ = error
        error = following
    raise error
