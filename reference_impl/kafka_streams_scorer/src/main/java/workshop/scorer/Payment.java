package workshop.scorer;

/** A payment as the scorer needs it: the detector's features, and what is written beside the score. */
record Payment(double[] features, Long id, String user, Object time, Object amount, Integer label) {}
