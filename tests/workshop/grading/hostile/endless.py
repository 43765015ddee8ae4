# points: 0
# never ends
def double(value):
    while True:
        pass
