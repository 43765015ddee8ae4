# mistake: does not look at the length
# points: 2.57 of 3
# message: Fewer than five bytes
import io
import struct

import fastavro


def decode_value(value: bytes | None, schemas: dict[int, dict]) -> dict:
    """The payment in ``value``. Raises ``ValueError`` if it is not Avro with a known schema."""
    if value is None or value[0] != 0:
        raise ValueError(f"not Avro with a schema's number: {value!r}")
    (number,) = struct.unpack(">I", value[1:5])
    if number not in schemas:
        raise ValueError(f"schema {number} is not known")
    return fastavro.schemaless_reader(io.BytesIO(value[5:]), schemas[number], None)
