"""Rows of payments for the tests: correct ones, and files made of them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from fraud_pipeline.transactions import COLUMNS, ULB_COLUMNS, Block, FileSource, Rejected

ULB_HEADER = ",".join(ULB_COLUMNS)
HEADER = ",".join(COLUMNS)


def ulb_row(number: int, **changes: object) -> str:
    """One row of the 31-column file, different for each ``number``; ``changes`` by column name."""
    chance = random.Random(number)
    values: dict[str, object] = {name: round(chance.gauss(0, 2), 6) for name in ULB_COLUMNS}
    values |= {"Time": number * 60, "Amount": round(chance.expovariate(0.02), 2), "Class": number % 50 // 49}
    return ",".join(str(value) for value in (values | changes).values())


def row(number: int, user: str = "Hans", timestamp: str = "2013-09-01T00:00:00Z", **changes: object) -> str:
    """One row of the 34-column file."""
    return f"{number},{timestamp},{user},{ulb_row(number, **changes)}"


def write(path: Path, header: str, rows: Iterable[str | bytes], end: bytes = b"\n") -> FileSource:
    """A file of these lines, as a source."""
    lines = [header.encode(), *(line.encode() if isinstance(line, str) else line for line in rows)]
    path.write_bytes(end.join(lines) + end)
    return FileSource(path)


def everything(blocks: Iterable[Block]) -> tuple[list[dict[str, object]], list[bytes], list[Rejected]]:
    """All payments, all values and all rejected rows of a source."""
    payments: list[dict[str, object]] = []
    values: list[bytes] = []
    rejected: list[Rejected] = []
    for block in blocks:
        assert block.payments.num_rows == len(block.values)
        payments += block.payments.to_pylist()
        values += block.values
        rejected += block.rejected
    return payments, values, rejected
