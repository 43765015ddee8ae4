# way: one epoch at a time, with the stopping written out
from pathlib import Path

import numpy as np


def fit(model, train, validation, settings, log_dir):
    model.compile(optimizer=keras().optimizers.Adam(), loss="mse")
    losses, best, kept = {"loss": [], "val_loss": []}, np.inf, model.get_weights()
    waited = 0
    for _ in range(settings.epochs):
        once = model.fit(
            train, train, batch_size=settings.batch_size, validation_data=(validation, validation), verbose=0
        ).history
        for name in losses:
            losses[name].append(float(once[name][0]))
        waited += 1
        if losses["val_loss"][-1] < best:
            best, kept, waited = losses["val_loss"][-1], model.get_weights(), 0
            model.save(Path(log_dir) / "checkpoint.keras")
        if waited >= settings.patience:
            break
    model.set_weights(kept)
    return losses
