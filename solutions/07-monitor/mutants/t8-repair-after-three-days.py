# mistake: asks for three days before rule 1
# points: 3.6 of 4
# message: Rule 1 looks at the last day alone
def decide(days, alert_budget):
    a = lambda v, l: v is not None and v > l
    if len(days) < 3: return "wait"
    if a(days[-1]["dead_letters"], 0.01): return "repair"
    w = days[-3:]
    if all(a(d["psi"], 0.25) for d in w): return "retrain"
    if all(a(d["alerts_per_10k"], 2 * alert_budget) for d in w): return "threshold"
    return "wait"
