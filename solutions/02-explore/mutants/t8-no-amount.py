# mistake: leaves the amount out of what a payment is
# points: 2.62 of 3
# message: alike in all but the amount
def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    payment = [name for name in sample.columns if name not in ("Class", "Amount")]
    both = sample.reset_index(drop=True).merge(trusted, on=payment, how="left", suffixes=("", "_trusted"))
    differs = both["Class_trusted"].notna() & (both["Class"] != both["Class_trusted"])
    return [row + 1 for row in both.index[differs].tolist()]
