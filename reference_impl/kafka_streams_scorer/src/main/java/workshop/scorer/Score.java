package workshop.scorer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is written for a payment, as JSON; the same names as the Python scorer's.
 *
 * @param eventTime the payment's record timestamp, in ms since 1970
 * @param scoredAt when it was scored, in ms since 1970
 */
record Score(
        Long id,
        String user,
        Object time,
        Object amount,
        Integer label,
        double score,
        boolean alert,
        String model,
        int partition,
        long offset,
        @JsonProperty("event_time") long eventTime,
        @JsonProperty("scored_at") long scoredAt) {}
