# points: 4
import sys

for _ in range(1024):
    sys.stdout.write("x" * 2**20)


def double(value):
    return 2 * value
