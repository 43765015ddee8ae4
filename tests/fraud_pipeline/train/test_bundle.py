from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fraud_pipeline.prepare import Split, features_of
from fraud_pipeline.train.bundle import FORMAT_VERSION, MANIFEST, BundleError, load_bundle, save_bundle
from fraud_pipeline.train.fit import TrainedDetector


@pytest.fixture
def folder(trained: TrainedDetector, tmp_path: Path) -> Path:
    return save_bundle(trained.bundle, tmp_path / "bundle")


def test_what_is_loaded_is_what_was_saved(trained: TrainedDetector, folder: Path, split: Split) -> None:
    loaded, features = load_bundle(folder), features_of(split.test)
    np.testing.assert_array_equal(loaded.score(features), trained.bundle.score(features))
    assert (loaded.threshold, loaded.version, loaded.columns) == (
        trained.bundle.threshold,
        trained.bundle.version,
        trained.bundle.columns,
    )
    assert loaded.facts.rows == trained.bundle.facts.rows
    assert loaded.facts.metrics == trained.bundle.facts.metrics
    np.testing.assert_array_equal(loaded.score_quantiles, trained.bundle.score_quantiles)


def test_a_bundle_replaces_the_one_before_and_leaves_nothing_beside_it(trained: TrainedDetector, folder: Path) -> None:
    save_bundle(trained.bundle, folder)
    assert load_bundle(folder).version == trained.bundle.version
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_a_folder_with_other_things_is_left_alone(trained: TrainedDetector, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(BundleError, match="left alone"):
        save_bundle(trained.bundle, tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def _edit(change: Callable[[dict], object]) -> Callable[[Path], object]:
    def edit(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST).read_text())
        change(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest))

    return edit


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "no bundle"),
        (lambda folder: (folder / "detector.npz").unlink(), "cannot be read"),
        (lambda folder: (folder / MANIFEST).write_text('{"format": '), "damaged"),
        (lambda folder: (folder / MANIFEST).write_bytes(b"\xff\xfe\x00"), "damaged"),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "not a bundle of this pipeline"),
        (_edit(lambda manifest: manifest.update(format="another")), "not a bundle of this pipeline"),
        (_edit(lambda manifest: manifest.update(format_version=FORMAT_VERSION + 1)), "format version"),
        (_edit(lambda manifest: manifest.pop("sha256")), "does not name the parts"),
        (_edit(lambda manifest: manifest.update(threshold="high")), "wrong one"),
        (_edit(lambda manifest: manifest.update(threshold=0.5)), "not those that the version stands for"),
        (_edit(lambda manifest: manifest["columns"].reverse()), "not those that the version stands for"),
        (_edit(lambda manifest: manifest["columns"].pop()), "wrong one"),
        (_edit(lambda manifest: manifest.update(columns=None)), "wrong one"),
        (_edit(lambda manifest: manifest.pop("facts")), "wrong one"),
    ],
)
def test_a_damaged_or_foreign_bundle_is_refused(folder: Path, spoil: Callable[[Path], object], complaint: str) -> None:
    spoil(folder)
    with pytest.raises(BundleError, match=complaint):
        load_bundle(folder)


def test_a_path_that_holds_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="Train first"):
        load_bundle(tmp_path / "nowhere")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7), name=st.sampled_from(["detector.npz", "training.npz"]))
def test_any_flipped_bit_or_missing_end_is_noticed(folder: Path, place: int, bit: int, name: str) -> None:
    path = folder / name
    content = path.read_bytes()
    at = place % len(content)
    try:
        for spoilt in (content[:at], content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]):
            path.write_bytes(spoilt)
            with pytest.raises(BundleError, match="damaged"):
                load_bundle(folder)
    finally:
        path.write_bytes(content)


class _Bomb:
    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return _explode, ("unpickled",)


def _explode(message: str) -> None:
    raise AssertionError(message)


def test_a_pickle_is_never_opened_even_with_a_right_checksum(folder: Path) -> None:
    import hashlib

    np.savez(folder / "detector.npz", weights=np.array([_Bomb()], dtype=object))
    checksum = hashlib.sha256((folder / "detector.npz").read_bytes()).hexdigest()
    _edit(lambda manifest: manifest["sha256"].update({"detector.npz": checksum}))(folder)
    with pytest.raises(BundleError, match="no plain arrays"):
        load_bundle(folder)
    (folder / "detector.npz").write_bytes(pickle.dumps(_Bomb()))
    with pytest.raises(BundleError, match="checksum"):
        load_bundle(folder)
