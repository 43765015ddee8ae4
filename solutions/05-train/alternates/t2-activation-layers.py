# way: activations as layers of their own
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features):
    layers = keras().layers
    model = keras().Sequential([layers.Input((features,))])
    for units, activation in ((14, "tanh"), (7, keras().ops.relu), (7, "tanh"), (features, "linear")):
        model.add(layers.Dense(units))
        model.add(layers.Activation(activation))
    return model
