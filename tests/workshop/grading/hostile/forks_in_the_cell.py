# points: 4
import os

os.fork()  # an honest mistake: both run on, and both would answer


def double(value):
    os.fork()
    return 2 * value
