package workshop.scorer;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.internal.HelpScreenException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** Scores payments with Kafka Streams until it is stopped, by SIGTERM or Ctrl-C. */
public final class Main {
    private static final int PARTITIONS = 3;
    private static final int TAKEOVER_MS = 10_000;

    private Main() {}

    /** Parses the command line and runs. The exit code is 0 after a stop that was asked for, 1 after an error. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Namespace given = parse(arguments);
        Detector detector = Bundle.load(Path.of(given.getString("bundle")));
        ensureTopics(given);
        CountDownLatch stopped = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        try (KafkaStreams streams = new KafkaStreams(topology(given, detector), settings(given))) {
            streams.setUncaughtExceptionHandler(
                    error -> {
                        failures.add(error);
                        return SHUTDOWN_CLIENT;
                    });
            streams.setStateListener(
                    (now, before) -> {
                        System.out.println("state: " + now);
                        if (now == KafkaStreams.State.ERROR) {
                            stopped.countDown();
                        }
                    });
            // close() finishes the transaction in hand and leaves the group.
            Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
            streams.start();
            stopped.await();
        }
        failures.forEach(error -> System.err.println("error: " + rootOf(error).getMessage()));
        System.exit(1);
    }

    /** From the payments through the scorer to its three outputs; there is no state to keep. */
    static Topology topology(Namespace given, Detector detector) {
        SchemaRegistry registry = new SchemaRegistry(given.getString("registry_url"));
        return new Topology()
                .addSource("payments", given.getString("source"))
                .addProcessor("scorer", () -> new PaymentScorer(detector, registry), "payments")
                .addSink(PaymentScorer.SCORES, given.getString("scores"), "scorer")
                .addSink(PaymentScorer.ALERTS, given.getString("alerts"), "scorer")
                .addSink(PaymentScorer.DEAD_LETTERS, deadLetters(given), "scorer");
    }

    private static Properties settings(Namespace given) {
        Properties settings = new Properties();
        settings.putAll(
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG, given.getString("application_id"),
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.getString("bootstrap_servers"),
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG, given.getString("guarantee"),
                        StreamsConfig.NUM_STREAM_THREADS_CONFIG, given.getInt("threads"),
                        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class,
                        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class));
        // Kafka waits so long for a killed application before it gives its partitions to another one.
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), TAKEOVER_MS);
        Optional.ofNullable(given.getString("state_dir"))
                .ifPresent(folder -> settings.put(StreamsConfig.STATE_DIR_CONFIG, folder));
        Optional.ofNullable(given.getInt("commit_interval_ms"))
                .ifPresent(interval -> settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, interval));
        return settings;
    }

    /** Makes the output topics that are missing: Kafka Streams expects them. */
    private static void ensureTopics(Namespace given) throws InterruptedException {
        Map<String, Object> settings =
                Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.getString("bootstrap_servers"));
        try (Admin admin = Admin.create(settings)) {
            Set<String> present = admin.listTopics().names().get();
            List<NewTopic> missing =
                    List.of(given.getString("scores"), given.getString("alerts"), deadLetters(given)).stream()
                            .filter(topic -> !present.contains(topic))
                            .map(topic -> new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty()))
                            .toList();
            admin.createTopics(missing).all().get();
        } catch (ExecutionException error) {
            throw new IllegalStateException("Kafka: " + error.getCause().getMessage(), error);
        }
    }

    private static String deadLetters(Namespace given) {
        return given.getString("source") + "_dlq";
    }

    private static Throwable rootOf(Throwable error) {
        return error.getCause() == null ? error : rootOf(error.getCause());
    }

    private static Namespace parse(String[] arguments) {
        ArgumentParser parser =
                ArgumentParsers.newArgumentParser("scorer").defaultHelp(true).description("Score payments from a topic.");
        parser.addArgument("--bundle").required(true).help("folder that training has written");
        parser.addArgument("--bootstrap-servers").setDefault("127.0.0.1:9092").help("Kafka");
        parser.addArgument("--registry-url").setDefault("http://127.0.0.1:8081").help("Schema Registry");
        parser.addArgument("--source").setDefault("creditcardfraud_preprocessed").help("topic with the payments");
        parser.addArgument("--scores").setDefault("fraud_scores").help("topic for the scores");
        parser.addArgument("--alerts").setDefault("fraud_alerts").help("topic for the alerts");
        parser.addArgument("--application-id").setDefault("fraud-scorer-streams").help("also the consumer group");
        parser.addArgument("--guarantee")
                .choices(StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE)
                .setDefault(StreamsConfig.EXACTLY_ONCE_V2)
                .help("what becomes of a payment whose scorer is killed");
        parser.addArgument("--threads").type(Integer.class).setDefault(1).help("threads that share the partitions");
        parser.addArgument("--commit-interval-ms").type(Integer.class).help("how often a transaction is committed");
        parser.addArgument("--state-dir").help("folder for what Kafka Streams notes of itself");
        try {
            return parser.parseArgs(arguments);
        } catch (ArgumentParserException error) {
            parser.handleError(error); // shows what is wrong, or the help that was asked for
            System.exit(error instanceof HelpScreenException ? 0 : 2);
            throw new AssertionError("the program has ended", error);
        }
    }
}
