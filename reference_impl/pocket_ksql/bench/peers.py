"""The same filter and projection as a loop over ``csv``, ``json`` and ``fastavro``: what one would write by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from string import ascii_letters, digits
from typing import Any

import fastavro

from pocket_ksql.bench.payments import COLUMNS, V_COLUMNS
from pocket_ksql.records import Record

_MASK = str.maketrans(ascii_letters + digits, "x" * 26 + "X" * 26 + "n" * 10)
_KEPT = [name for name in COLUMNS if name != "Timestamp"]
_SCHEMA = {
    "type": "record",
    "name": "Payment",
    "fields": [
        {"name": "Id", "type": ["null", "long"]},
        {"name": "User", "type": ["null", "string"]},
        {"name": "Time", "type": ["null", "int"]},
        *({"name": name, "type": ["null", "double"]} for name in (*V_COLUMNS, "Amount")),
        {"name": "Class", "type": ["null", "int"]},
    ],
}


def hand_written(output: str) -> Callable[[Sequence[Record]], list[bytes]]:
    """The loop that writes ``output``."""
    write = {"JSON": _json, "AVRO": _avro(), "DELIMITED": _delimited}[output]

    def run(records: Sequence[Record]) -> list[bytes]:
        return [write(row) for row in map(_row, records) if row is not None]

    return run


def _row(record: Record) -> dict[str, Any] | None:
    (fields,) = csv.reader([(record.value or b"").decode()])
    row: dict[str, Any] = dict(zip(COLUMNS, fields, strict=True))
    if not row["Class"]:
        return None
    del row["Timestamp"]
    row["Id"], row["Time"], row["Class"] = int(row["Id"]), int(row["Time"]), int(row["Class"])
    row["User"] = row["User"][:-2].translate(_MASK) + row["User"][-2:]
    for name in (*V_COLUMNS, "Amount"):
        row[name] = float(row[name] or 0)
    return row


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode()


def _avro() -> Callable[[dict[str, Any]], bytes]:
    schema = fastavro.parse_schema(_SCHEMA)

    def write(row: dict[str, Any]) -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, row)
        return out.getvalue()

    return write


def _delimited(row: dict[str, Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(row[name] for name in _KEPT)
    return out.getvalue().encode()
