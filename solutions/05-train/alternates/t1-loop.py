# way: row by row
import numpy as np


def reconstruction_errors(inputs, reconstructions):
    errors = []
    for row, copy in zip(inputs, reconstructions, strict=True):
        errors.append(sum((x - y) ** 2 for x, y in zip(row, copy, strict=True)) / len(row))
    return np.array(errors)
