package workshop.scorer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads payments in Avro, in Confluent's wire format: a zero byte, four bytes of schema id, the Avro body. */
final class PaymentReader {
    private static final int HEADER = 1 + Integer.BYTES;
    private static final Set<Schema.Type> NUMERIC =
            Set.of(Schema.Type.DOUBLE, Schema.Type.FLOAT, Schema.Type.INT, Schema.Type.LONG);

    private final List<String> columns;
    private final SchemaRegistry registry;
    private final Map<Integer, RowReader> readers = new HashMap<>();
    private BinaryDecoder decoder; // reused from record to record

    /** Reads, for a detector, the features {@code columns}; names are compared without regard to case. */
    PaymentReader(List<String> columns, SchemaRegistry registry) {
        this.columns = columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
        this.registry = registry;
    }

    /**
     * The payment in a record's {@code value}, which may be null.
     *
     * @throws UnreadableRecordException it cannot be scored
     */
    Payment read(byte[] value) throws UnreadableRecordException {
        if (value == null) {
            throw new UnreadableRecordException("the record has no value");
        }
        if (value.length < HEADER || value[0] != 0) {
            throw new UnreadableRecordException("not Avro in Confluent's wire format");
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        RowReader reader = readers.get(id);
        if (reader == null) {
            reader = new RowReader(id, registry.schema(id));
            readers.put(id, reader);
        }
        return reader.read(value);
    }

    /** Reads the records of one schema. */
    private final class RowReader {
        private final GenericDatumReader<GenericRecord> avro;
        private final Map<String, Schema.Field> fields = new HashMap<>();

        RowReader(int id, String text) throws UnreadableRecordException {
            Schema schema;
            try {
                schema = new Schema.Parser().parse(text);
                schema.getFields().forEach(field -> fields.put(field.name().toUpperCase(Locale.ROOT), field));
            } catch (AvroRuntimeException error) {
                throw new UnreadableRecordException("schema " + id + ": it is not the schema of an Avro record");
            }
            for (String column : columns) {
                if (!fields.containsKey(column)) {
                    throw new UnreadableRecordException("schema " + id + ": it has no column " + column);
                }
                if (!NUMERIC.contains(typeOf(fields.get(column).schema()))) {
                    throw new UnreadableRecordException("schema " + id + ": " + column + " is not numeric");
                }
            }
            avro = new GenericDatumReader<>(schema);
        }

        Payment read(byte[] value) throws UnreadableRecordException {
            GenericRecord row;
            try {
                decoder = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, decoder);
                row = avro.read(null, decoder);
            } catch (IOException | RuntimeException error) {
                String kind = error.getClass().getSimpleName();
                throw new UnreadableRecordException("the Avro body does not fit its schema (" + kind + ")");
            }
            double[] features = new double[columns.size()];
            for (int i = 0; i < features.length; i++) {
                features[i] = feature(row, columns.get(i));
            }
            Number id = (Number) carried(row, "ID");
            Object user = carried(row, "USER");
            return new Payment(
                    features,
                    id == null ? null : id.longValue(),
                    user == null ? null : user.toString(),
                    carried(row, "TIME"),
                    carried(row, "AMOUNT"),
                    label(carried(row, "CLASS")));
        }

        private double feature(GenericRecord row, String column) throws UnreadableRecordException {
            Number number = (Number) row.get(fields.get(column).pos());
            if (number == null) {
                throw new UnreadableRecordException(column + " is null");
            }
            double value = number.doubleValue();
            if (!Double.isFinite(value)) {
                throw new UnreadableRecordException(column + " is not a finite number");
            }
            return value;
        }

        private Object carried(GenericRecord row, String column) {
            Schema.Field field = fields.get(column);
            return field == null ? null : row.get(field.pos());
        }
    }

    /** The class as 0 or 1; null where it is not known. */
    private static Integer label(Object value) {
        String text = value == null ? "" : value.toString().strip();
        return text.equals("0") || text.equals("1") ? Integer.valueOf(text) : null;
    }

    /** The type of a field, or the other one where it is a union of a type with null. */
    private static Schema.Type typeOf(Schema declared) {
        if (declared.isUnion() && declared.isNullable() && declared.getTypes().size() == 2) {
            return declared.getTypes().stream()
                    .map(Schema::getType)
                    .filter(type -> type != Schema.Type.NULL)
                    .findFirst()
                    .orElse(Schema.Type.NULL);
        }
        return declared.getType();
    }
}
