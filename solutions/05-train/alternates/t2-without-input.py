# The layers are not told their input, so that the weights are made when the network is called first.
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features: int):
    """The autoencoder of 2019 without its mistake: from (n, features) to (n, features)."""
    layers = keras().layers
    units = [(14, "tanh"), (7, "relu"), (7, "tanh"), (features, None)]
    return keras().Sequential([layers.Dense(count, activation=activation) for count, activation in units])
