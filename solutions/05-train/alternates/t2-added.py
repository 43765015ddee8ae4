# way: layer by layer, with the regulariser of 2019
from fraud_pipeline.keras_setup import keras


def original_autoencoder(features):
    model = keras().Sequential()
    model.add(keras().Input(shape=(features,)))
    model.add(keras().layers.Dense(14, activation="tanh", activity_regularizer=keras().regularizers.L1(1e-4)))
    model.add(keras().layers.Dense(7, activation="relu"))
    model.add(keras().layers.Dense(7, activation="tanh"))
    model.add(keras().layers.Dense(features, activation=None))
    return model
