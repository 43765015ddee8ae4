# mistake: softplus output
# points: 1.29 of 3
# message: Which layer can never be negative?
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features: int):
    """The autoencoder of 2019 without its mistake: from (n, features) to (n, features)."""
    layers = keras().layers
    return keras().Sequential(
        [
            layers.Input((features,)),
            layers.Dense(14, activation="tanh"),
            layers.Dense(7, activation="relu"),
            layers.Dense(7, activation="tanh"),
            layers.Dense(features, activation="softplus"),
        ]
    )
