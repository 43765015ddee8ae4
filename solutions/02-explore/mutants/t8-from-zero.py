# mistake: counts rows from 0
# points: 0.38 of 3
# message: Rows count from 1
def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    payment = [name for name in sample.columns if name != "Class"]
    both = sample.reset_index(drop=True).merge(trusted, on=payment, how="left", suffixes=("", "_trusted"))
    differs = both["Class_trusted"].notna() & (both["Class"] != both["Class_trusted"])
    return [row for row in both.index[differs].tolist()]
