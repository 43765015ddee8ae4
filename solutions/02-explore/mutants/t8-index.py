# mistake: reports the frame's index
# points: 2.62 of 3
# message: not by the frame's index
def wrong_labels(sample: pd.DataFrame, trusted: pd.DataFrame) -> list[int]:
    """Row numbers of ``sample``, from 1, whose label differs from that of the same payment in ``trusted``."""
    payment = [name for name in sample.columns if name != "Class"]
    both = sample.reset_index().merge(trusted, on=payment, how="left", suffixes=("", "_trusted"))
    differs = both["Class_trusted"].notna() & (both["Class"] != both["Class_trusted"])
    return [row + 1 for row in both.loc[differs, "index"].tolist()]
