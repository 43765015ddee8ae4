# points: 4
import atexit
import os
import sys
import threading


def talk():
    while True:
        print("x" * 1000, flush=True)


threading.Thread(target=talk, daemon=True).start()
atexit.register(os.abort)
os.chdir("/")
os.environ.clear()
sys.path.clear()
sys.setrecursionlimit(100_000)


def double(value):
    return 2 * value
