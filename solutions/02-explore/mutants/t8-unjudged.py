# mistake: reports payments that the trusted copy does not have
# points: 2.62 of 3
# message: cannot be judged
def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    payment = [name for name in sample.columns if name != "Class"]
    both = sample.reset_index(drop=True).merge(trusted, on=payment, how="left", suffixes=("", "_trusted"))
    differs = (both["Class"] != both["Class_trusted"])
    return [row + 1 for row in both.index[differs].tolist()]
