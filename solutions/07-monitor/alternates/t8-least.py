# way: the least of three days
def decide(days, alert_budget):
    last = list(days)[-3:]

    def least(name):
        values = [day[name] for day in last]
        return min(values) if len(values) == 3 and None not in values else float("-inf")

    dead = last[-1]["dead_letters"] if last else None
    if dead is not None and dead > 0.01:
        return "repair"
    return "retrain" if least("psi") > 0.25 else "threshold" if least("alerts_per_10k") > 2 * alert_budget else "wait"
