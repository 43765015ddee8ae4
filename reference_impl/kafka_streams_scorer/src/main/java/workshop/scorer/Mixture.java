package workshop.scorer;

/**
 * A density as the sum of Gaussians. The log of Gaussian {@code j} at a point {@code x} is {@code constants[j] - |x
 * factors[j] - offsets[j]|² / 2}.
 */
record Mixture(double[] constants, double[][] offsets, double[][][] factors) {
    /** The negative log density at {@code point}. */
    double surprise(double[] point) {
        double[] logDensities = new double[constants.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < constants.length; j++) {
            logDensities[j] = constants[j] - squaredDistance(point, factors[j], offsets[j]) / 2;
            highest = Math.max(highest, logDensities[j]);
        }
        double sum = 0; // of what is at most 1 each: the densities themselves may be too small for a double
        for (double logDensity : logDensities) {
            sum += Math.exp(logDensity - highest);
        }
        return -(highest + Math.log(sum));
    }

    private static double squaredDistance(double[] point, double[][] factor, double[] offset) {
        double[] whitened = new double[offset.length];
        for (int in = 0; in < point.length; in++) {
            double value = point[in];
            double[] row = factor[in];
            for (int out = 0; out < whitened.length; out++) {
                whitened[out] += value * row[out];
            }
        }
        double sum = 0;
        for (int out = 0; out < whitened.length; out++) {
            double difference = whitened[out] - offset[out];
            sum += difference * difference;
        }
        return sum;
    }
}
