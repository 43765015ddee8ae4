"""A source by the name that a user gives: ``synthetic``, ``openml``, or the path of a file."""

from __future__ import annotations

from pathlib import Path

from fraud_pipeline.transactions.files import FileSource
from fraud_pipeline.transactions.source import Source
from fraud_pipeline.transactions.synthetic import SyntheticSource


def open_source(data: str | Path, seed: int = 0) -> Source:
    """The source that ``data`` names. A file is opened, and may prove unreadable, only when it is read."""
    match str(data):
        case "synthetic":
            return SyntheticSource(seed)
        case "openml":
            from fraud_pipeline.transactions.openml import OpenMLSource  # scikit-learn takes a second to import

            return OpenMLSource()
        case path:
            return FileSource(Path(path).expanduser())
