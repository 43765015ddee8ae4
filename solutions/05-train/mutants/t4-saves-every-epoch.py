# mistake: writes the model after every epoch
# points: 2.93 of 4
# message: of the best epoch, no later one
from pathlib import Path

import numpy as np


def fit(model, train: np.ndarray, validation: np.ndarray, settings: FitSettings, log_dir: str) -> dict[str, list[float]]:
    """Train `model` and keep its best state; gives the losses by epoch."""
    callbacks = keras().callbacks
    used = [
        callbacks.EarlyStopping(patience=settings.patience, restore_best_weights=True),
        callbacks.ModelCheckpoint(str(Path(log_dir) / "checkpoint.keras")),
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
    return {name: [float(loss) for loss in losses] for name, losses in history.history.items()}
