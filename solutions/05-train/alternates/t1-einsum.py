# way: sum of products
import numpy as np


def reconstruction_errors(inputs, reconstructions):
    gap = reconstructions - inputs
    return np.einsum("nd,nd->n", gap, gap) / gap.shape[1]
