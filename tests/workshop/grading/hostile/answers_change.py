# points: 2
# Right where it is asked for the first time, wrong for all that come after: two of four checks.
import itertools

asked = itertools.count()


def double(value):
    return 2 * value if next(asked) < 2 else 0
