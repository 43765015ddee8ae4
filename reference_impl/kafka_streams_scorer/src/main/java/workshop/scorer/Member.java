package workshop.scorer;

import java.util.List;

/** One autoencoder of the ensemble, and the density of its residuals on normal payments. */
record Member(List<Layer> layers, Mixture density) {
    /** How unusual the residual of scaled {@code inputs} is, as a negative log density. */
    double surprise(double[] inputs) {
        double[] reconstruction = inputs;
        int code = layers.size() / 2 - 1;
        int last = layers.size() - 1;
        for (int index = 0; index <= last; index++) {
            reconstruction = layers.get(index).apply(reconstruction, index != code && index != last);
        }
        double[] residual = new double[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            residual[i] = inputs[i] - reconstruction[i];
        }
        return density.surprise(residual);
    }
}
