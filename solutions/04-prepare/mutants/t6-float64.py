# mistake: gives float64
# points: 3.2 of 4
# message: work in float32
from fraud_pipeline.keras_setup import tensorflow

tf = tensorflow()  # the same as `import tensorflow as tf`, without its chatter


def dataset_of(frames: list[pd.DataFrame], columns: list[str], batch_size: int) -> tf.data.Dataset:
    """The features of all frames as float32 batches."""
    def blocks():
        for frame in frames:
            yield frame[columns].to_numpy(np.float64)

    shape = tf.TensorSpec(shape=(None, len(columns)), dtype=tf.float64)
    rows = tf.data.Dataset.from_generator(blocks, output_signature=shape)
    return rows.rebatch(batch_size).prefetch(tf.data.AUTOTUNE)
