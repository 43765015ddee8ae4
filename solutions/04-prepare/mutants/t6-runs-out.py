# mistake: gives a generator that has run out at the second pass
# points: 3.2 of 4
# message: Does from_generator get the function
from fraud_pipeline.keras_setup import tensorflow

tf = tensorflow()  # the same as `import tensorflow as tf`, without its chatter


def dataset_of(frames: list[pd.DataFrame], columns: list[str], batch_size: int) -> tf.data.Dataset:
    """The features of all frames as float32 batches."""
    def blocks():
        for frame in frames:
            yield frame[columns].to_numpy(np.float32)

    running = blocks()

    shape = tf.TensorSpec(shape=(None, len(columns)), dtype=tf.float32)
    rows = tf.data.Dataset.from_generator(lambda: running, output_signature=shape)
    return rows.rebatch(batch_size).prefetch(tf.data.AUTOTUNE)
