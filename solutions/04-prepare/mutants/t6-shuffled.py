# mistake: shuffles the rows
# points: 1.6 of 4
# message: in order
from fraud_pipeline.keras_setup import tensorflow

tf = tensorflow()  # the same as `import tensorflow as tf`, without its chatter


def dataset_of(frames: list[pd.DataFrame], columns: list[str], batch_size: int) -> tf.data.Dataset:
    """The features of all frames as float32 batches."""
    def blocks():
        for frame in frames:
            yield frame[columns].to_numpy(np.float32)

    shape = tf.TensorSpec(shape=(None, len(columns)), dtype=tf.float32)
    rows = tf.data.Dataset.from_generator(blocks, output_signature=shape)
    return rows.unbatch().shuffle(100, seed=1).batch(batch_size).prefetch(tf.data.AUTOTUNE)
