# mistake: takes the first frame only
# points: 0.8 of 4
# message: three batches of four rows
from fraud_pipeline.keras_setup import tensorflow

tf = tensorflow()  # the same as `import tensorflow as tf`, without its chatter


def dataset_of(frames: list[pd.DataFrame], columns: list[str], batch_size: int) -> tf.data.Dataset:
    """The features of all frames as float32 batches."""
    def blocks():
        for frame in frames[:1]:
            yield frame[columns].to_numpy(np.float32)

    shape = tf.TensorSpec(shape=(None, len(columns)), dtype=tf.float32)
    rows = tf.data.Dataset.from_generator(blocks, output_signature=shape)
    return rows.rebatch(batch_size).prefetch(tf.data.AUTOTUNE)
