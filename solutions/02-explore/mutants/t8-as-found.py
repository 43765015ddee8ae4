# mistake: joins by the second alone
# points: 0 of 3
# message: Time alone does not say which
def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    payment = ["Time"]
    both = sample.reset_index(drop=True).merge(trusted, on=payment, how="left", suffixes=("", "_trusted"))
    differs = both["Class_trusted"].notna() & (both["Class"] != both["Class_trusted"])
    return [row + 1 for row in both.index[differs].tolist()]
