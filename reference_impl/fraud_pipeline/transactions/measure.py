"""Measure what the synthetic payments imitate: ``python -m fraud_pipeline.transactions.measure FILE > measured.py``.

Normal payments and frauds are measured apart, so that it does not matter how many of each the file holds. Of each
class: the quantiles of every column, and how the columns move together (loadings of the first principal factors of
the correlation between normal scores; what they leave is noise). Of the whole: the hours of the day.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from fraud_pipeline.transactions.files import FileSource
from fraud_pipeline.transactions.schema import FEATURES

COLUMNS = (*FEATURES, "Amount")
PROBABILITIES = (0.0005, 0.005, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995, 0.9995)
FACTORS = 4
DAY = 24
_PREAMBLE = '''"""What the synthetic payments imitate, measured by ``measure`` on 28,010 payments, 477 of them frauds.

Source: Credit Card Fraud Detection, Machine Learning Group of the Université Libre de Bruxelles, September 2013
(Dal Pozzolo, Caelen, Johnson and Bontempi, 2015). The rows of a table are V1 to V28 and Amount.
"""

# fmt: off
'''


def quantiles(values: pd.DataFrame) -> np.ndarray:
    """Quantiles of each column at ``PROBABILITIES``: shape (columns, probabilities)."""
    return values.quantile(PROBABILITIES).to_numpy().T


def loadings(values: pd.DataFrame) -> np.ndarray:
    """Loadings of the columns on ``FACTORS`` common factors: shape (columns, factors)."""
    scores = stats.norm.ppf((values.rank() - 0.5) / len(values))
    strengths, directions = np.linalg.eigh(np.corrcoef(scores.T))
    return directions[:, -FACTORS:] * np.sqrt(strengths[-FACTORS:])


def hours(seconds: pd.Series) -> np.ndarray:
    """Share of the payments in each hour of the day; of the second day, which the file samples evenly."""
    counts = (seconds // 3600 % DAY).value_counts().reindex(range(DAY), fill_value=0).sort_index().to_numpy()
    return counts / counts.sum()


def as_source(name: str, table: np.ndarray, digits: int) -> str:
    """A table as Python source, one row a line."""
    if table.ndim == 1:
        return textwrap.fill(f"{name} = {_literal(table, digits)}", 118, subsequent_indent="    ") + "\n"
    return "\n".join([f"{name} = (", *(f"    {_literal(row, digits)}," for row in table), ")\n"])


def _literal(row: np.ndarray, digits: int) -> str:
    return "(" + ", ".join(f"{value:.{digits}g}" for value in row) + ")"


def main(path: Path) -> None:
    """Write the module ``measured`` to standard output."""
    blocks = [block.payments.to_pandas() for block in FileSource(path).blocks()]
    payments = pd.concat(blocks, ignore_index=True)
    parts = [_PREAMBLE, as_source("PROBABILITIES", np.array(PROBABILITIES), 4)]
    for name, label in (("NORMAL", 0), ("FRAUD", 1)):
        of_class = payments[payments["Class"] == label]
        parts.append(as_source(f"{name}_QUANTILES", quantiles(of_class[list(COLUMNS)]), 4))
        parts.append(as_source(f"{name}_LOADINGS", loadings(of_class[list(COLUMNS)]), 2))
        evenly_sampled = of_class["Time"] if label else of_class["Time"][of_class["Time"] >= DAY * 3600]
        parts.append(as_source(f"{name}_HOURS", hours(evenly_sampled), 3))
    sys.stdout.write("\n".join(parts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
