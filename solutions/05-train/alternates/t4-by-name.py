# way: callbacks with everything named
import os


def fit(model, train, validation, settings, log_dir):
    k = keras()
    stop = k.callbacks.EarlyStopping(
        monitor="val_loss", mode="min", patience=settings.patience, restore_best_weights=True
    )
    keep = k.callbacks.ModelCheckpoint(
        filepath=os.path.join(log_dir, "checkpoint.keras"), monitor="val_loss", mode="min", save_best_only=True
    )
    model.compile(optimizer=k.optimizers.Adam(), loss=k.losses.MeanSquaredError())
    history = model.fit(
        x=train,
        y=train,
        validation_data=(validation, validation),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        callbacks=[stop, keep],
        verbose=0,
    )
    return {"loss": history.history["loss"], "val_loss": history.history["val_loss"]}
