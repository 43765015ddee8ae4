package workshop.scorer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An array of doubles as NumPy saves it, row by row (format: NumPy's documentation, {@code numpy.lib.format}).
 *
 * @param shape the length of each dimension
 * @param values the elements, the last dimension running fastest
 */
record NpyArray(int[] shape, double[] values) {
    private static final Pattern HEADER =
            Pattern.compile("'descr': '<f8', 'fortran_order': False, 'shape': \\(([^)]*)\\)");
    private static final int LENGTH_AT = 8; // after six bytes that name the format and two of its version

    /** All arrays of an {@code .npz} file, by name. */
    static Map<String, NpyArray> readAll(Path file) throws IOException {
        Map<String, NpyArray> arrays = new HashMap<>();
        try (ZipFile archive = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = archive.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                byte[] content = archive.getInputStream(entry).readAllBytes();
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), parse(entry.getName(), content));
            }
        }
        return arrays;
    }

    private static NpyArray parse(String name, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getShort(LENGTH_AT);
        buffer.position(LENGTH_AT + Short.BYTES);
        Matcher header = HEADER.matcher(new String(content, buffer.position(), length, StandardCharsets.US_ASCII));
        if (!header.find()) {
            throw new IOException(name + " is not an array of doubles, row by row");
        }
        int[] shape =
                Arrays.stream(header.group(1).split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
        double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        buffer.position(buffer.position() + length).slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return new NpyArray(shape, values);
    }

    /** A two-dimensional array as rows. */
    double[][] matrix() {
        return rows(0, shape[0], shape[1]);
    }

    /** A three-dimensional array as matrices. */
    double[][][] matrices() {
        double[][][] parts = new double[shape[0]][][];
        for (int part = 0; part < parts.length; part++) {
            parts[part] = rows(part * shape[1], shape[1], shape[2]);
        }
        return parts;
    }

    private double[][] rows(int first, int count, int width) {
        double[][] rows = new double[count][];
        for (int row = 0; row < count; row++) {
            rows[row] = Arrays.copyOfRange(values, (first + row) * width, (first + row + 1) * width);
        }
        return rows;
    }
}
