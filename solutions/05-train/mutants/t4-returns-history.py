# mistake: returns Keras's History object
# points: 0.24 of 4
# message: Training should end
from pathlib import Path

import numpy as np


def fit(model, train: np.ndarray, validation: np.ndarray, settings: FitSettings, log_dir: str) -> dict[str, list[float]]:
    """Train `model` and keep its best state; gives the losses by epoch."""
    callbacks = keras().callbacks
    used = [
        callbacks.EarlyStopping(patience=settings.patience, restore_best_weights=True),
        callbacks.ModelCheckpoint(str(Path(log_dir) / "checkpoint.keras"), save_best_only=True),
    ]
    model.compile("adam", loss="mse")
    history = model.fit(
        train,
        train,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(validation, validation),
        callbacks=used,
        verbose=0,
    )
    return history
