# mistake: both lists in the order of the figures
# points: 2.4 of 3
# message: Keep the order of the limits
import math
def breaches(figures, limits):
    u = [n for n in limits if figures.get(n) is None or math.isnan(figures[n])]
    return {"breached": [n for n in figures if n in limits and n not in u and figures[n] > limits[n]], "unknown": u}
