# way: a table of the rules, walked through in order
import numpy as np

RULES = (("repair", "dead_letters", 1), ("retrain", "psi", 3), ("threshold", "alerts_per_10k", 3))


def decide(days, alert_budget):
    limits = {"dead_letters": 0.01, "psi": 0.25, "alerts_per_10k": alert_budget * 2}
    for answer, name, count in RULES:
        last = np.array([day[name] for day in days][-count:], dtype=float)
        if len(last) == count and (last > limits[name]).all():
            return answer
    return "wait"
