# mistake: numbers the rows in the frame that was given
# points: 2.62 of 3
# message: a frame was changed
def wrong_labels(sample, trusted):
    sample["row"] = range(1, len(sample) + 1)
    payment = [name for name in sample.columns if name not in ("Class", "row")]
    both = sample.merge(trusted, on=payment, suffixes=("", "_trusted"))
    return sorted(both.loc[both["Class"] != both["Class_trusted"], "row"].tolist())
