"""OpenML's copy of the ULB data set, fetched by scikit-learn, which keeps it for the next time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from sklearn.datasets import fetch_openml

from fraud_pipeline.transactions.files import check_columns
from fraud_pipeline.transactions.source import Block, SourceError
from fraud_pipeline.transactions.text import Layout, payments_in

DATA_ID = 42397
"""``CreditCardFraudDetection``, which has kept ``Time``; number 1597, ``creditcard``, has not."""


@dataclass(frozen=True)
class OpenMLSource:
    """The 284,807 payments of the ULB data set, from openml.org (some 70 MB) or from scikit-learn's data folder."""

    data_home: Path | None = None
    """Where scikit-learn keeps what it has fetched (default: ``~/scikit_learn_data``)."""
    data_id: int = DATA_ID
    name: str = "openml"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """Yield the payments. Raises ``SourceError`` without a network, ``HeaderError`` for another data set."""
        try:
            frame = fetch_openml(
                data_id=self.data_id,
                data_home=self.data_home,
                as_frame=True,
                parser="pandas",
                read_csv_kwargs={"dtype": str},  # the digits as they are; and labels, whether '0' or 0
            ).frame
        except (URLError, OSError, ValueError) as error:
            raise SourceError(
                f"OpenML's data set {self.data_id} could not be fetched ({error}). "
                "Take --data synthetic, or a file that you have."
            ) from error
        columns = check_columns(list(frame.columns), self.name)
        text = frame.to_csv(index=False, header=False).replace("'", "")
        yield from payments_in(io.BytesIO(text.encode()), Layout(columns), 1, rows)
