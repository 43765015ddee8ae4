# way: numbers the rows first, then an inner join
def wrong_labels(sample, trusted):
    numbered = sample.assign(row=range(1, len(sample) + 1)).rename(columns={"Class": "mine"})
    both = numbered.merge(trusted.rename(columns={"Class": "hers"}))
    return sorted(both.query("mine != hers")["row"].tolist())
