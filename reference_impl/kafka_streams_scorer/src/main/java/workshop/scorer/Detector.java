package workshop.scorer;

import java.util.List;

/**
 * The trained detector, in plain loops: it gives the scores of {@code fraud_pipeline.train.detector} in Python.
 *
 * @param columns the features, in order
 * @param mean what each feature's signed logarithm is shifted by
 * @param scale what it is then divided by
 * @param members the autoencoders whose surprises are averaged
 * @param threshold the score above which a payment raises an alert
 * @param version the model's name, written beside every score
 */
record Detector(
        List<String> columns, double[] mean, double[] scale, List<Member> members, double threshold, String version) {

    /** How unusual a payment is; the higher, the more. {@code features} are not scaled. */
    double score(double[] features) {
        double[] scaled = new double[features.length];
        for (int i = 0; i < features.length; i++) {
            double signedLog = Math.signum(features[i]) * Math.log1p(Math.abs(features[i]));
            scaled[i] = (signedLog - mean[i]) / scale[i];
        }
        double sum = 0;
        for (Member member : members) {
            sum += member.surprise(scaled);
        }
        return sum / members.size();
    }
}
