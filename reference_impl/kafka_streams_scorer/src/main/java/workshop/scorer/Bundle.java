package workshop.scorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Reads the folder that training has written: the same manifest and arrays that the Python scorer reads. */
final class Bundle {
    private static final int FORMAT_VERSION = 1;
    private static final String ARRAYS = "detector.npz";

    private Bundle() {}

    /**
     * The detector in {@code folder}.
     *
     * @throws IOException a file is missing, damaged, or of another format
     */
    static Detector load(Path folder) throws IOException {
        JsonNode manifest = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        if (manifest.path("format_version").asInt() != FORMAT_VERSION) {
            throw new IOException(folder + " is no bundle of format version " + FORMAT_VERSION);
        }
        Path file = folder.resolve(ARRAYS);
        if (!sha256(file).equals(manifest.path("sha256").path(ARRAYS).asText())) {
            throw new IOException(file + " is damaged: its checksum is not the one in manifest.json");
        }
        Map<String, NpyArray> arrays = NpyArray.readAll(file);
        List<String> columns = new ArrayList<>();
        manifest.path("columns").forEach(name -> columns.add(name.asText()));
        List<Member> members = new ArrayList<>();
        while (arrays.containsKey(members.size() + ".layer.0.kernel")) {
            members.add(member(arrays, members.size() + "."));
        }
        return new Detector(
                List.copyOf(columns),
                arrays.get("scaler.mean").values(),
                arrays.get("scaler.scale").values(),
                List.copyOf(members),
                manifest.path("threshold").asDouble(),
                manifest.path("version").asText());
    }

    private static Member member(Map<String, NpyArray> arrays, String prefix) {
        List<Layer> layers = new ArrayList<>();
        while (arrays.containsKey(prefix + "layer." + layers.size() + ".kernel")) {
            String name = prefix + "layer." + layers.size();
            layers.add(new Layer(arrays.get(name + ".kernel").matrix(), arrays.get(name + ".bias").values()));
        }
        Mixture density =
                new Mixture(
                        arrays.get(prefix + "density.constants").values(),
                        arrays.get(prefix + "density.offsets").matrix(),
                        arrays.get(prefix + "density.factors").matrices());
        return new Member(List.copyOf(layers), density);
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("every Java runtime has SHA-256", error);
        }
    }
}
