package workshop.scorer;

/**
 * One dense layer of the autoencoder.
 *
 * @param kernel weights, one row for each input
 * @param bias one value for each output
 */
record Layer(double[][] kernel, double[] bias) {
    /** {@code inputs × kernel + bias}, with negative values cut to zero if {@code rectify}. */
    double[] apply(double[] inputs, boolean rectify) {
        double[] outputs = bias.clone();
        for (int in = 0; in < inputs.length; in++) {
            double input = inputs[in];
            double[] weights = kernel[in];
            for (int out = 0; out < outputs.length; out++) {
                outputs[out] += input * weights[out];
            }
        }
        if (rectify) {
            for (int out = 0; out < outputs.length; out++) {
                outputs[out] = Math.max(outputs[out], 0.0);
            }
        }
        return outputs;
    }
}
