# mistake: keeps one row for each payment of the sample
# points: 2.62 of 3
# message: each row of the sample is judged
def wrong_labels(sample, trusted):
    payment = [name for name in sample.columns if name != "Class"]
    rows = {tuple(one): number for number, one in enumerate(sample[payment].to_numpy().tolist(), start=1)}
    labels = dict(zip(rows, sample.drop_duplicates(payment)["Class"], strict=True))
    found = []
    for *one, label in trusted[[*payment, "Class"]].to_numpy().tolist():
        if tuple(one) in rows and labels[tuple(one)] != label:
            found.append(rows[tuple(one)])
    return sorted(found)
