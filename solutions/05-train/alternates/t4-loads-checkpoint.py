# way: takes the best weights from the checkpoint
from pathlib import Path


def fit(model, train, validation, settings, log_dir):
    path = Path(log_dir, "checkpoint.keras")
    callbacks = [
        keras().callbacks.ModelCheckpoint(path, save_best_only=True),
        keras().callbacks.EarlyStopping(patience=settings.patience),
    ]
    model.compile(loss="mean_squared_error", optimizer="adam")
    options = {"epochs": settings.epochs, "batch_size": settings.batch_size, "verbose": 0}
    record = model.fit(train, train, validation_data=(validation, validation), callbacks=callbacks, **options)
    model.set_weights(keras().models.load_model(path).get_weights())
    return {name: list(map(float, record.history[name])) for name in ("loss", "val_loss")}
