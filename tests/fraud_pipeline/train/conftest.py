"""One small training that the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from fraud_pipeline.prepare import Split, split_by_time
from fraud_pipeline.train import FitSettings, TrainSettings
from fraud_pipeline.train.fit import TrainedDetector, train
from tests.fraud_pipeline.payments import payments

SMALL = TrainSettings(members=2, hidden=(16,), code=3, components=2, fit=FitSettings(epochs=8), alerts_per_10k=100)


@pytest.fixture(scope="session")
def split() -> Split:
    return split_by_time(payments())


@pytest.fixture(scope="session")
def log_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="session")
def shares() -> list[float]:
    """What the training reports of its progress."""
    return []


@pytest.fixture(scope="session")
def trained(split: Split, log_dir: Path, shares: list[float]) -> TrainedDetector:
    return train(split, SMALL, on_progress=lambda _what, share: shares.append(share), log_dir=log_dir)
