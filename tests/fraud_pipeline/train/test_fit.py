from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.prepare import EVENT_TIME, Split, features_of, split_by_time
from fraud_pipeline.train.autoencoder import reconstruct
from fraud_pipeline.train.baselines import BASELINES, compare
from fraud_pipeline.train.bundle import load_bundle, save_bundle
from fraud_pipeline.train.evaluation import Evaluation
from fraud_pipeline.train.fit import TrainedDetector, TrainError, threshold_for, train
from tests.fraud_pipeline.payments import payments
from tests.fraud_pipeline.train.conftest import SMALL


def test_the_detector_finds_the_frauds(trained: TrainedDetector) -> None:
    assert trained.evaluation.auroc is not None
    assert trained.evaluation.auroc > 0.95
    assert trained.curves is not None


def test_the_same_seed_gives_the_same_detector_whatever_the_test_labels(trained: TrainedDetector, split: Split) -> None:
    flipped = replace(split, test=split.test.assign(CLASS=1 - split.test["CLASS"]))
    assert train(flipped, SMALL).bundle.version == trained.bundle.version


def test_each_member_starts_from_a_seed_of_its_own(trained: TrainedDetector) -> None:
    kernels = [member.autoencoder.layers[0][0] for member in trained.bundle.detector.members]
    assert not np.allclose(kernels[0], kernels[1])


def test_without_labels_every_row_is_used(split: Split) -> None:
    settings = replace(SMALL, members=1, rows="all")
    trained = train(split, settings)
    assert trained.bundle.facts.rows == len(split.train)
    unlabelled = Split(*(part.assign(CLASS=0) for part in (split.train, split.validation, split.test)))
    assert train(unlabelled, settings).bundle.version == trained.bundle.version


def test_keras_itself_gives_the_reconstructions_that_are_scored(
    trained: TrainedDetector, split: Split, log_dir: Path
) -> None:
    detector, features = trained.bundle.detector, features_of(split.test)
    inputs = detector.scaler.transform(features)
    scores = []
    for number, member in enumerate(detector.members):
        model = keras().models.load_model(log_dir / f"member-{number}" / "checkpoint.keras")
        scores.append(member.density.surprise(inputs - reconstruct(model, inputs)))
    np.testing.assert_allclose(detector.score(features), np.mean(scores, axis=0), rtol=1e-5, atol=1e-5)


def test_tensorboard_logs_are_kept(trained: TrainedDetector, log_dir: Path) -> None:
    assert len(list(log_dir.glob("member-*/train/events.out.tfevents.*"))) == SMALL.members
    assert [set(history) for history in trained.histories] == [{"loss", "val_loss"}] * SMALL.members


def test_the_threshold_keeps_the_alert_budget_on_validation_payments(trained: TrainedDetector, split: Split) -> None:
    normal = split.validation[split.validation["CLASS"] == 0]
    alerts = (trained.bundle.score(features_of(normal)) > trained.bundle.threshold).sum()
    assert alerts == pytest.approx(len(normal) * SMALL.alerts_per_10k / 10_000, abs=1)


def test_a_threshold_is_a_quantile_of_scores() -> None:
    scores = np.arange(10_000.0)
    assert (scores > threshold_for(scores, 20)).sum() == 20


def test_progress_runs_from_nothing_to_all(trained: TrainedDetector, shares: list[float]) -> None:
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] == 1.0


def test_without_frauds_there_are_no_figures_and_no_failure() -> None:
    split = split_by_time(payments(rows=600, fraud_share=0))
    trained = train(split, SMALL)
    assert trained.evaluation == Evaluation(None, None, None)
    assert trained.curves is None
    assert len(trained.errors.fraud) == 0
    assert {result.evaluation for result in compare(split, SMALL).values()} == {Evaluation(None, None, None)}


def test_too_few_payments_are_refused() -> None:
    with pytest.raises(TrainError, match="too few"):
        train(split_by_time(payments(rows=50)), SMALL)


def test_every_baseline_has_the_same_figures(split: Split) -> None:
    results = compare(split, SMALL)
    assert set(results) == set(BASELINES)
    for result in results.values():
        assert result.scores.shape == (len(split.test),)
        assert result.evaluation.auroc is not None
        assert result.evaluation.auroc > 0.6
    again = compare(split, SMALL, names=("pca", "mahalanobis"))
    assert {name: again[name].evaluation for name in again} == {
        name: results[name].evaluation for name in ("pca", "mahalanobis")
    }


def test_training_writes_nothing_to_stderr(tmp_path: Path) -> None:
    code = (
        "from tests.fraud_pipeline.payments import payments\n"
        "from tests.fraud_pipeline.train.conftest import SMALL\n"
        "from fraud_pipeline.prepare import split_by_time\n"
        "from fraud_pipeline.train.fit import train\n"
        "train(split_by_time(payments(rows=600)), SMALL)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=root)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.slow
def test_real_frauds_are_found_far_better_than_by_the_original(shared: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(shared / "data" / "creditcard_real.csv.gz").rename(columns=str.upper)
    frame[EVENT_TIME] = frame["TIME"].astype("int64") * 1000
    split = split_by_time(frame)
    trained = train(split)
    baselines = {name: result.evaluation for name, result in compare(split).items()}
    assert trained.evaluation.auroc is not None
    assert trained.evaluation.auprc is not None
    assert trained.evaluation.auroc >= 0.945
    assert trained.evaluation.auprc >= 0.6
    original = baselines["original_autoencoder"].auprc
    assert original is not None
    assert trained.evaluation.auprc > 2 * original
    loaded = load_bundle(save_bundle(trained.bundle, tmp_path / "bundle"))
    features = features_of(split.test)
    np.testing.assert_array_equal(loaded.score(features), trained.bundle.score(features))
