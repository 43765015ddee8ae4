# way: Keras's functional interface
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features):
    inputs = keras().Input((features,))
    x = inputs
    for units, activation in [(14, "tanh"), (7, "relu"), (7, "tanh"), (features, "linear")]:
        x = keras().layers.Dense(units, activation=activation)(x)
    return keras().Model(inputs, x)
