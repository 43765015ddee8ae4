# way: by slices and int.from_bytes
from io import BytesIO

from fastavro import parse_schema, schemaless_reader


def decode_value(value, schemas):
    if not value or value[:1] != b"\0" or len(value) <= 4:
        raise ValueError("no Avro")
    try:
        schema = schemas[int.from_bytes(value[1:5], "big")]
    except KeyError as error:
        raise ValueError(f"no schema {error}") from None
    return schemaless_reader(BytesIO(value[5:]), parse_schema(schema), None)
