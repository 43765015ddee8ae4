# mistake: takes infinity for a missing figure
# points: 2.4 of 3
# message: infinity is
import math
def breaches(figures, limits):
    u = [n for n in limits if figures.get(n) is None or not math.isfinite(figures[n])]
    return {"breached": [n for n in limits if n not in u and figures[n] > limits[n]], "unknown": u}
