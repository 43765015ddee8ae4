# mistake: errors summed, not averaged
# points: 0 of 2
# message: One number a row is wanted
import numpy as np


def reconstruction_errors(inputs: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Mean squared error (n,) of each row of `inputs` (n, d) against the same row of `reconstructions`."""
    return np.square(inputs - reconstructions).sum(axis=1)
