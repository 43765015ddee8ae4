"""The trained detector on disk: a folder with a manifest (JSON) and arrays (NumPy), nothing that could run.

``manifest.json``  format and its version, the detector's columns, threshold and version, facts of the training,
                   and the SHA-256 of every other file
``detector.npz``   scaler, weights and densities
``training.npz``   quantiles of the scores on training payments, against which drift is judged
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from fraud_pipeline.errors import PipelineError
from fraud_pipeline.train.detector import Autoencoder, Detector, Floats, Member, Mixture, Scaler

FORMAT = "fraud-detector"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_DETECTOR, _TRAINING = "detector.npz", "training.npz"
QUANTILES = np.linspace(0.0, 1.0, 1001)
"""The probabilities at which a bundle keeps the quantiles of its training scores."""


class BundleError(PipelineError):
    """What is on disk is no bundle that can be loaded; the message says why, and what to do."""


@dataclass(frozen=True)
class TrainingFacts:
    """How a detector came about.

    ``metrics`` are figures on test rows by name (``None`` where the test rows hold one class only), ``versions``
    the libraries of the training, ``settings`` what it was asked for.
    """

    trained_at: str
    """ISO-8601, UTC."""
    rows: int
    seconds: float
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """A detector, the facts of its training, and the distribution of its scores on training payments.

    ``score_quantiles`` has shape (1001,), at the probabilities :data:`QUANTILES`.
    """

    detector: Detector
    facts: TrainingFacts
    score_quantiles: Floats

    # A scorer takes a bundle for the detector in it.
    @property
    def columns(self) -> tuple[str, ...]:
        return self.detector.columns

    @property
    def threshold(self) -> float:
        return self.detector.threshold

    @property
    def version(self) -> str:
        return self.detector.version

    def score(self, features: Floats, /) -> Floats:
        """As :meth:`Detector.score`."""
        return self.detector.score(features)


def save_bundle(bundle: Bundle, folder: Path | str) -> Path:
    """Write ``bundle`` to ``folder`` and give its path. A bundle that is there is replaced in one step.

    Raises :class:`BundleError` where ``folder`` holds something else.
    """
    folder = Path(folder).absolute()
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise BundleError(f"{folder} exists and is no bundle; it is left alone. Name another folder.")
    parts = {
        _DETECTOR: _packed(_to_arrays(bundle.detector)),
        _TRAINING: _packed({"score_quantiles": bundle.score_quantiles}),
    }
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": bundle.version,
        "columns": list(bundle.columns),
        "threshold": bundle.threshold,
        "facts": asdict(bundle.facts),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in parts.items():
            (fresh / name).write_bytes(content)
        (fresh / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def load_bundle(folder: Path | str) -> Bundle:
    """Read the bundle in ``folder``. Nothing in it is run or unpickled. Raises :class:`BundleError`."""
    folder = Path(folder)
    manifest = _read_manifest(folder)
    arrays = {name: _unpacked(folder / name, checksum) for name, checksum in manifest["sha256"].items()}
    try:
        detector = _from_arrays(arrays[_DETECTOR], manifest)
        facts = TrainingFacts(**{f.name: manifest["facts"][f.name] for f in fields(TrainingFacts)})
        return Bundle(detector, facts, arrays[_TRAINING]["score_quantiles"])
    except (LookupError, TypeError, ValueError) as error:
        raise BundleError(f"{folder} lacks a part of a bundle or holds a wrong one: {error!r}. {_AGAIN}") from error


_AGAIN = "Train again, or copy the whole folder again."


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BundleError(f"{folder} is no bundle: it has no {MANIFEST}. Train first, or check the path.") from error
    except OSError as error:
        raise BundleError(f"{folder} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BundleError(f"{folder / MANIFEST} is damaged: {error}. {_AGAIN}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(f"{folder} is not a bundle of this pipeline ({MANIFEST} names no format {FORMAT!r}).")
    version = manifest.get("format_version")
    if version != FORMAT_VERSION:
        raise BundleError(
            f"{folder} has format version {version!r}; this program reads version {FORMAT_VERSION}. "
            "Load it with the program that wrote it, or train again."
        )
    checksums = manifest.get("sha256")
    if not isinstance(checksums, dict) or set(checksums) != {_DETECTOR, _TRAINING}:
        raise BundleError(f"{folder / MANIFEST} is damaged: it does not name the parts. {_AGAIN}")
    return manifest


def _packed(arrays: Mapping[str, Floats]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _unpacked(path: Path, checksum: str) -> dict[str, Floats]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}. {_AGAIN}") from error
    if hashlib.sha256(content).hexdigest() != checksum:
        raise BundleError(f"{path} is damaged: its checksum is not the one in {MANIFEST}. {_AGAIN}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return {name: _floats(arrays[name]) for name in arrays.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise BundleError(f"{path} holds no plain arrays: {error}") from error


def _floats(array: np.ndarray) -> Floats:
    if array.dtype != np.float64 or not np.isfinite(array).all():
        raise ValueError("an array that does not consist of finite float64 numbers")
    return array


def _to_arrays(detector: Detector) -> dict[str, Floats]:
    arrays = {"scaler.mean": detector.scaler.mean, "scaler.scale": detector.scaler.scale}
    for number, member in enumerate(detector.members):
        for layer, (kernel, bias) in enumerate(member.autoencoder.layers):
            arrays[f"{number}.layer.{layer}.kernel"] = kernel
            arrays[f"{number}.layer.{layer}.bias"] = bias
        for part in fields(Mixture):
            arrays[f"{number}.density.{part.name}"] = getattr(member.density, part.name)
    return arrays


def _from_arrays(arrays: Mapping[str, Floats], manifest: Mapping[str, Any]) -> Detector:
    columns = tuple(manifest["columns"])
    scaler = Scaler(arrays["scaler.mean"], arrays["scaler.scale"])
    members: list[Member] = []
    while f"{len(members)}.layer.0.kernel" in arrays:
        members.append(_member(arrays, f"{len(members)}."))
    detector = Detector(columns, scaler, tuple(members), float(manifest["threshold"]), str(manifest["version"]))
    probe = detector.score(np.zeros((1, len(columns))))
    if not members or not np.isfinite(probe).all():
        raise ValueError("the arrays do not fit together")
    if content_version(detector) != detector.version:
        raise ValueError("columns, threshold and arrays are not those that the version stands for")
    return detector


def _member(arrays: Mapping[str, Floats], prefix: str) -> Member:
    count = sum(name.startswith(f"{prefix}layer.") and name.endswith(".kernel") for name in arrays)
    layers = tuple((arrays[f"{prefix}layer.{i}.kernel"], arrays[f"{prefix}layer.{i}.bias"]) for i in range(count))
    density = Mixture(**{part.name: arrays[f"{prefix}density.{part.name}"] for part in fields(Mixture)})
    return Member(Autoencoder(layers), density)


def content_version(detector: Detector) -> str:
    """A name for a detector by its content: trainings with the same outcome give the same version."""
    digest = hashlib.sha256(json.dumps([FORMAT_VERSION, detector.columns, detector.threshold]).encode())
    for name, array in sorted(_to_arrays(detector).items()):
        digest.update(f"{name}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:12]
