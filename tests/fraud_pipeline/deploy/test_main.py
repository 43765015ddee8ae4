"""The scorer's command line: a bundle from disk, clear one-line errors, an exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions
from fraud_pipeline.train.bundle import QUANTILES, Bundle, TrainingFacts, content_version, save_bundle
from fraud_pipeline.train.detector import Autoencoder, Detector, Member, Mixture, Scaler
from tests.fraud_pipeline.deploy.support import FEATURES, REPOSITORY, payments, produce, read_committed


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A detector that reconstructs nought and knows one Gaussian: its score is half the squared length."""
    width = len(FEATURES)
    autoencoder = Autoencoder(((np.zeros((width, 2)), np.zeros(2)), (np.zeros((2, width)), np.zeros(width))))
    density = Mixture(np.zeros(1), np.zeros((1, width)), np.eye(width)[None])
    unnamed = Detector(
        FEATURES, Scaler(np.zeros(width), np.ones(width)), (Member(autoencoder, density),), threshold=1.5, version=""
    )
    detector = Detector(
        unnamed.columns, unnamed.scaler, unnamed.members, unnamed.threshold, version=content_version(unnamed)
    )
    facts = TrainingFacts(trained_at="2026-01-01T00:00:00Z", rows=1, seconds=0.0, seed=0)
    return save_bundle(Bundle(detector, facts, QUANTILES), tmp_path / "bundle")


def run_main(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fraud_pipeline.deploy", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)


def on(connection: Connection, options: ScorerOptions) -> list[str]:
    """Arguments that say where to read and write."""
    return [
        f"--bootstrap-servers={connection.bootstrap_servers}",
        f"--registry-url={connection.registry_url}",
        f"--source={options.source}",
        f"--scores={options.scores}",
        f"--alerts={options.alerts}",
        f"--group={options.group}",
    ]


def test_what_is_there_is_scored_and_the_exit_code_is_0(
    connection: Connection, options: ScorerOptions, bundle: Path
) -> None:
    produce(connection, options.source, payments(200))
    done = run_main("--bundle", bundle, "--stop-at-end", "--metrics-port", 0, *on(connection, options))
    assert done.returncode == 0, done.stderr
    assert "scored 200, alerts 2, dead letters 0" in done.stderr
    assert "metrics on http://127.0.0.1:" in done.stderr
    assert len(list(read_committed(connection, options.scores))) == 200


def test_a_missing_bundle_is_one_line_of_error(tmp_path: Path) -> None:
    done = run_main("--bundle", tmp_path / "nowhere")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: ")
    assert "nowhere" in done.stderr


def test_a_kafka_that_does_not_answer_is_an_error_that_says_where(bundle: Path) -> None:
    done = run_main("--bundle", bundle, "--bootstrap-servers", "127.0.0.1:9")
    assert done.returncode == 1
    # The client's threads log on their own, also after the last word of the program.
    assert any(line.startswith("error: Kafka at 127.0.0.1:9") for line in done.stderr.splitlines())


def test_a_batch_has_at_least_one_row() -> None:
    done = run_main("--bundle", "anywhere", "--max-rows", 0)
    assert done.returncode == 2
    assert "--max-rows" in done.stderr
