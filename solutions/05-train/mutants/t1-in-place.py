# mistake: computes the differences in the caller's array
# points: 1.33 of 2
# message: writes into the caller's array
def reconstruction_errors(inputs, reconstructions):
    inputs -= reconstructions
    inputs **= 2
    return inputs.mean(axis=1)
