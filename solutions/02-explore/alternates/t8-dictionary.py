# way: looks each payment up in a dictionary
def wrong_labels(sample, trusted):
    payment = [name for name in sample.columns if name != "Class"]
    labels = dict(zip(trusted[payment].itertuples(index=False, name=None), trusted["Class"]))
    found = []
    for number, (key, label) in enumerate(zip(sample[payment].itertuples(index=False, name=None), sample["Class"]), start=1):
        if labels.get(key, label) != label:
            found.append(number)
    return found
