from __future__ import annotations

import numpy as np
import pytest

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.train import FitSettings
from fraud_pipeline.train.autoencoder import (
    denoising_autoencoder,
    export,
    fit,
    original_autoencoder,
    reconstruct,
)


@pytest.mark.parametrize("hidden", [(16,), (64, 32), ()])
def test_the_exported_network_agrees_with_keras(hidden: tuple[int, ...]) -> None:
    keras().utils.set_random_seed(1)
    model = denoising_autoencoder(29, hidden, code=8, noise=0.3)
    inputs = np.random.default_rng(0).normal(scale=3, size=(200, 29))
    np.testing.assert_allclose(export(model).reconstruct(inputs), reconstruct(model, inputs), atol=1e-5)


def test_the_original_has_the_layers_of_the_demo() -> None:
    units = [layer.units for layer in original_autoencoder(30).layers]
    assert units == [14, 7, 7, 30]


def test_early_stopping_gives_back_the_best_epoch() -> None:
    keras().utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    train, validation = rng.normal(size=(64, 5)), rng.normal(size=(64, 5))
    model = denoising_autoencoder(5, (32,), code=5, noise=0.0)
    settings = FitSettings(epochs=200, patience=3, batch_size=16, learning_rate=0.05)
    history = fit(model, train, validation, settings)
    assert len(history["loss"]) < 200
    error = np.square(reconstruct(model, validation) - validation).mean()
    assert error == pytest.approx(min(history["val_loss"]), rel=1e-3)
