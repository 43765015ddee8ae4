# way: reads a stream from front to back
import io
import struct

import fastavro


def decode_value(value, schemas):
    stream = io.BytesIO(value or b"")
    try:
        zero, number = struct.unpack(">BI", stream.read(5))
    except struct.error:
        raise ValueError("too short") from None
    if zero or number not in schemas:
        raise ValueError("unknown")
    return fastavro.schemaless_reader(stream, schemas[number], None)
