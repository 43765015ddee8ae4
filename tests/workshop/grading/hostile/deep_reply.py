# points: 0
def double(value):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
