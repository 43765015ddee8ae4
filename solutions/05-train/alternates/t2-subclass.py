# A class of its own with a method `call`.
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features: int):
    """The autoencoder of 2019 without its mistake: from (n, features) to (n, features)."""

    class Autoencoder(keras().Model):
        def __init__(self) -> None:
            super().__init__()
            layers = keras().layers
            self.encoder = keras().Sequential([layers.Dense(14, activation="tanh"), layers.Dense(7, activation="relu")])
            self.decoder = keras().Sequential([layers.Dense(7, activation="tanh"), layers.Dense(features)])

        def call(self, inputs):
            return self.decoder(self.encoder(inputs))

    return Autoencoder()
