# mistake: divides by the number of features of the example
# points: 1.33 of 2
# message: however many there are
import numpy as np


def reconstruction_errors(inputs: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Mean squared error (n,) of each row of `inputs` (n, d) against the same row of `reconstructions`."""
    return np.square(inputs - reconstructions).sum(axis=1) / 2
