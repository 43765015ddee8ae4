# way: reads the lines with pandas
import io

import pandas as pd


def count_frauds(lines):
    frame = pd.read_csv(io.BytesIO(b"\n".join(lines)), header=None, names=list(COLUMNS))
    return int((frame["Class"] == 1).sum())
