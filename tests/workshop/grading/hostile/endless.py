# points: 0
def double(value):
    while True: pass
