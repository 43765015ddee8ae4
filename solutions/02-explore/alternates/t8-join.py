# way: both frames indexed by the payment, and joined
def wrong_labels(sample, trusted):
    payment = sample.columns.drop("Class").tolist()
    numbered = sample.assign(row=range(1, 1 + len(sample))).set_index(payment)
    joined = numbered.join(trusted.set_index(payment)["Class"].rename("truth"), how="inner")
    return sorted(int(row) for row in joined.query("Class != truth")["row"])
