# points: 0
import atexit
import signal
import threading
import time

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
atexit.register(time.sleep, 1000)


def for_ever():
    while True:
        print("still here" * 100)
        globals()["square"] = lambda value: value**2  # also where the answer to the next task will stand
        time.sleep(0.001)


for _ in range(5):
    threading.Thread(target=for_ever).start()


def double(value):
    return 0
