# way: a generator of rows, then batch
import tensorflow as tf


def dataset_of(frames, columns, batch_size):
    def rows():
        for frame in frames:
            yield from frame[columns].astype("float32").to_numpy()

    signature = tf.TensorSpec((len(columns),), tf.float32)
    return tf.data.Dataset.from_generator(rows, output_signature=signature).batch(batch_size)
