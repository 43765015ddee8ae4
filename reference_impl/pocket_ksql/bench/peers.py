"""The same queries as loops over ``csv``, ``orjson`` and ``fastavro``, and with pandas: written by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from string import ascii_letters, digits
from typing import Any

import fastavro
import orjson
import pandas as pd

from pocket_ksql.bench.payments import COLUMNS, V_COLUMNS, card_holders
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


Loop = Callable[[Sequence[Record]], list[bytes]]
"""Takes payments in order; returns the values of the records that come of them."""


def hand_written(case: str) -> Loop:
    """A loop, with its own state, that does what the query of that name does (`cases`)."""
    if case == "tumbling count and sum per user":
        return _counted()
    if case == "stream-table join":
        return _joined()
    write = {"JSON": _json, "AVRO": _avro(), "DELIMITED": _delimited}[case.rpartition(" ")[2]]

    def run(records: Sequence[Record]) -> list[bytes]:
        return [write(row) for row in map(_row, records) if row is not None]

    return run


def with_pandas(records: Sequence[Record]) -> list[bytes]:
    """The filter and projection to JSON, batch by batch in data frames."""
    text = b"\n".join([record.value or b"" for record in records])
    frame = pd.read_csv(io.BytesIO(text), names=COLUMNS, dtype={"User": str})
    frame = frame[frame["Class"].notna()].drop(columns="Timestamp")
    frame["User"] = frame["User"].str[:-2].str.translate(_MASK) + frame["User"].str[-2:]
    frame["Class"] = frame["Class"].astype("int32")
    filled = [*V_COLUMNS, "Amount"]
    frame[filled] = frame[filled].fillna(0.0)
    return frame.to_json(orient="records", lines=True, double_precision=15).encode().splitlines()


_WINDOW = 300_000


def _counted() -> Loop:
    state: dict[tuple[bytes, int], tuple[int, float]] = {}
    amount = COLUMNS.index("Amount")

    def run(records: Sequence[Record]) -> list[bytes]:
        out = []
        for record in records:
            (fields,) = csv.reader([(record.value or b"").decode()])
            key = (record.key or b"", record.timestamp // _WINDOW * _WINDOW)
            count, total = state.get(key, (0, 0.0))
            state[key] = count, total = count + 1, total + float(fields[amount] or 0)
            out.append(orjson.dumps({"N": count, "TOTAL": total}))
        return out

    return run


def _joined() -> Loop:
    holders = {one.key: orjson.loads(one.value or b"") for one in card_holders()}

    def run(records: Sequence[Record]) -> list[bytes]:
        out = []
        for record in records:
            (fields,) = csv.reader([(record.value or b"").decode()])
            row = dict(zip(COLUMNS, fields, strict=True))
            joined = {
                "ID": int(row["Id"]),
                "TIME": int(row["Time"]),
                "AMOUNT": float(row["Amount"]),
                "CLASS": row["Class"] or None,
                "GENDER": None,
                "REGIONID": None,
            }
            holder = holders.get(record.key)
            if holder is not None:
                joined |= {"GENDER": holder["GENDER"], "REGIONID": holder["REGIONID"]}
            out.append(orjson.dumps(joined))
        return out

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
    return orjson.dumps(row)


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
