# mistake: compares row by row
# points: 0 of 3
# message: though the rows stand in another order
import pandas as pd


def wrong_labels(sample, trusted):
    pairs = zip(sample["Class"], trusted["Class"])
    return [number for number, (mine, hers) in enumerate(pairs, start=1) if mine != hers]
