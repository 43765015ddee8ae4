# way: a DataFrame: nan is above nothing
import pandas as pd


def decide(days, alert_budget):
    limits = {"psi": 0.25, "alerts_per_10k": 2 * alert_budget, "dead_letters": 0.01}
    above = pd.DataFrame(list(days), columns=list(limits)).astype(float) > pd.Series(limits)
    lasting = above.tail(3).all() & (len(above) >= 3)
    if len(above) and above["dead_letters"].iloc[-1]:
        return "repair"
    if lasting["psi"]:
        return "retrain"
    return "threshold" if lasting["alerts_per_10k"] else "wait"
