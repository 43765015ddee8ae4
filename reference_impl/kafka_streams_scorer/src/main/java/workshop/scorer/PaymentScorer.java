package workshop.scorer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Turns a payment into a score, and perhaps an alert; or into a dead letter with the reason in its headers. */
final class PaymentScorer extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String SCORES = "scores";
    static final String ALERTS = "alerts";
    static final String DEAD_LETTERS = "dead-letters";

    private final Detector detector;
    private final PaymentReader reader;
    private final ObjectMapper json = new ObjectMapper();

    PaymentScorer(Detector detector, SchemaRegistry registry) {
        this.detector = detector;
        this.reader = new PaymentReader(detector.columns(), registry);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata origin = context().recordMetadata().orElseThrow();
        try {
            Score score = score(reader.read(record.value()), record.timestamp(), origin);
            var scored = record.withValue(asJson(score)).withHeaders(new RecordHeaders());
            context().forward(scored, SCORES);
            if (score.alert()) {
                context().forward(scored, ALERTS);
            }
        } catch (UnreadableRecordException error) {
            Headers reason = deadLetterHeaders(error.getMessage(), origin);
            context().forward(record.withHeaders(reason), DEAD_LETTERS);
        }
    }

    private Score score(Payment payment, long eventTime, RecordMetadata origin) {
        double score = detector.score(payment.features());
        return new Score(
                payment.id(),
                payment.user(),
                payment.time(),
                payment.amount(),
                payment.label(),
                score,
                score > detector.threshold(),
                detector.version(),
                origin.partition(),
                origin.offset(),
                eventTime,
                context().currentSystemTimeMs());
    }

    private byte[] asJson(Score score) {
        try {
            return json.writeValueAsBytes(score);
        } catch (JsonProcessingException error) {
            throw new IllegalStateException("a score is always JSON", error);
        }
    }

    private static Headers deadLetterHeaders(String reason, RecordMetadata origin) {
        return new RecordHeaders()
                .add("dlq.reason", bytes(reason))
                .add("dlq.topic", bytes(origin.topic()))
                .add("dlq.partition", bytes(Integer.toString(origin.partition())))
                .add("dlq.offset", bytes(Long.toString(origin.offset())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
