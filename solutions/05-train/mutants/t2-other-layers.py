# mistake: changes the activations of layers that are right, too
# points: 2.57 of 3
# message: only one layer of the four is wrong
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features):
    layers = keras().layers
    sizes = (14, 7, 7)
    return keras().Sequential(
        [layers.Input((features,)), *(layers.Dense(size, activation="tanh") for size in sizes), layers.Dense(features)]
    )
