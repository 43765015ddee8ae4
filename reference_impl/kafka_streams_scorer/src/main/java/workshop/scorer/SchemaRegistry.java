package workshop.scorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Schemas by id, from a Confluent-compatible Schema Registry. */
final class SchemaRegistry {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final String url;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper json = new ObjectMapper();

    SchemaRegistry(String url) {
        this.url = url;
    }

    /**
     * The text of Avro schema {@code id}.
     *
     * @throws UnreadableRecordException the registry answers, and has no Avro schema under this id
     * @throws UncheckedIOException the registry does not answer: no fault of the record, so the application stops
     */
    String schema(int id) throws UnreadableRecordException {
        try {
            URI address = URI.create(url + "/schemas/ids/" + id);
            HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == NOT_FOUND) {
                throw new UnreadableRecordException("schema " + id + " is not in the registry");
            }
            if (answer.statusCode() != OK) {
                throw new IOException("the Schema Registry at " + url + " answers: " + answer.body());
            }
            JsonNode schema = json.readTree(answer.body());
            String type = schema.path("schemaType").asText("AVRO");
            if (!type.equals("AVRO")) {
                throw new UnreadableRecordException("schema " + id + " is not Avro but " + type);
            }
            return schema.path("schema").asText();
        } catch (IOException error) {
            throw new UncheckedIOException("no Schema Registry at " + url + ": " + error.getMessage(), error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for the Schema Registry", error);
        }
    }
}
