"""Formats: how the columns of a key or of a value stand as bytes. One module a format; ``FORMATS`` lists them.

``base``       what every format offers
``delimited`` ``kafka`` ``json`` ``avro`` ``protobuf`` ``none``
``windowed``   the windows that follow a key's bytes

To add a format, write its module and name it in ``FORMATS``.
"""

from __future__ import annotations

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats.avro import AvroFormat
from pocket_ksql.formats.base import Format
from pocket_ksql.formats.delimited import DelimitedFormat
from pocket_ksql.formats.json import JsonFormat
from pocket_ksql.formats.kafka import KafkaFormat
from pocket_ksql.formats.none import NoneFormat
from pocket_ksql.formats.protobuf import ProtobufFormat

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        NoneFormat(),
        KafkaFormat(),
        DelimitedFormat(),
        JsonFormat("JSON"),
        JsonFormat("JSON_SR", framed=True),
        AvroFormat(),
        ProtobufFormat("PROTOBUF", framed=True),
        ProtobufFormat("PROTOBUF_NOSR", framed=False),
    )
}


def find_format(name: str) -> Format:
    """The format of that name; raises ``KsqlStatementError`` if there is none."""
    found = FORMATS.get(name.upper())
    if found is None:
        raise KsqlStatementError(f"Unknown format: {name.upper()}")
    return found
