"""The Keras side of the detector: denoising autoencoders, trained as Keras users expect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.train.detector import Autoencoder, Floats
from fraud_pipeline.train.settings import FitSettings

if TYPE_CHECKING:
    from keras import Model

History = dict[str, list[float]]
"""Loss by epoch: ``loss`` on training rows, ``val_loss`` on validation rows."""


def denoising_autoencoder(
    features: int,
    hidden: Sequence[int],
    code: int,
    noise: float,
) -> Model:
    """An autoencoder whose inputs (n, ``features``) are disturbed while it is trained.

    So it has to learn how the columns hang together, and cannot merely copy (Vincent
    et al., "Extracting and Composing Robust Features with Denoising Autoencoders",
    ICML 2008).
    The disturbance is Gaussian, its ``noise`` in standard deviations.
    """
    layers = keras().layers
    inputs = layers.Input((features,))
    x = layers.GaussianNoise(noise)(inputs)
    for width in hidden:
        x = layers.Dense(width, activation="relu")(x)
    x = layers.Dense(code, name="code")(x)
    for width in reversed(hidden):
        x = layers.Dense(width, activation="relu")(x)
    outputs = layers.Dense(features, name="reconstruction")(x)
    return keras().Model(inputs, outputs, name="denoising_autoencoder")


def original_autoencoder(features: int) -> Model:
    """The 30-14-7-7-30 autoencoder of the streaming demo of 2019, but for the last layer: that had a ReLU,
    which cannot give back the negative half of standardised inputs."""
    layers = keras().layers
    return keras().Sequential(
        [
            layers.Input((features,)),
            layers.Dense(14, activation="tanh", activity_regularizer=keras().regularizers.L1(1e-4)),
            layers.Dense(7, activation="relu"),
            layers.Dense(7, activation="tanh"),
            layers.Dense(features),
        ],
        name="original_autoencoder",
    )


def fit(
    model: Model,
    train: Floats,
    validation: Floats,
    settings: FitSettings,
    log_dir: Path | None = None,
    on_epoch: Callable[[int], None] = lambda epoch: None,
) -> History:
    """Train ``model`` to reproduce ``train`` (n, d); it keeps the weights of its best epoch on ``validation``.

    With ``log_dir`` the best model so far is kept in ``checkpoint.keras`` there and TensorBoard's logs beside it:
    ``tensorboard --logdir LOG_DIR``.
    """
    callbacks = keras().callbacks
    used = [
        callbacks.EarlyStopping(patience=settings.patience, restore_best_weights=True),
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, _logs: on_epoch(epoch)),
    ]
    if log_dir is not None:
        log_dir.mkdir(parents=True, exist_ok=True)
        used.append(callbacks.ModelCheckpoint(str(log_dir / "checkpoint.keras"), save_best_only=True))
        used.append(callbacks.TensorBoard(str(log_dir), write_graph=False))
    steps = settings.epochs * -(-len(train) // settings.batch_size)
    rate = keras().optimizers.schedules.CosineDecay(settings.learning_rate, steps)  # ends in small steps
    # Several steps in one call: for a network this small the call costs more than the step.
    model.compile(keras().optimizers.Adam(rate), loss="mse", steps_per_execution=8)
    rows, held_out = train.astype(np.float32), validation.astype(np.float32)
    history = model.fit(
        rows,
        rows,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(held_out, held_out),
        callbacks=used,
        verbose=0,
    )
    return {name: [float(loss) for loss in losses] for name, losses in history.history.items()}


def export(model: Model) -> Autoencoder:
    """The weights of a :func:`denoising_autoencoder`, out of TensorFlow."""
    dense = [layer for layer in model.layers if isinstance(layer, keras().layers.Dense)]
    weights = ([part.numpy().astype(np.float64) for part in (layer.kernel, layer.bias)] for layer in dense)
    return Autoencoder(tuple((kernel, bias) for kernel, bias in weights))


def reconstruct(model: Model, inputs: Floats) -> Floats:
    """What Keras makes of ``inputs`` (n, d)."""
    return model(inputs.astype(np.float32), training=False).numpy().astype(np.float64)
