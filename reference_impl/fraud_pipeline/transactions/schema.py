"""The schema of a card payment, stated once: names, types, and what may be missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

FEATURES: tuple[str, ...] = tuple(f"V{number}" for number in range(1, 29))
"""The 28 principal components; what they stood for before the rotation was never published."""

ULB_COLUMNS: tuple[str, ...] = ("Time", *FEATURES, "Amount", "Class")
"""The 31 columns of the Kaggle/ULB file ``creditcard.csv``."""

ADDED_COLUMNS: tuple[str, ...] = ("Id", "Timestamp", "User")
"""What the streaming demo of 2019 put in front of them."""

COLUMNS: tuple[str, ...] = (*ADDED_COLUMNS, *ULB_COLUMNS)
"""The 34 columns of a payment, in the order in which they stand on the source topic."""

NUMBERS: frozenset[str] = frozenset((*FEATURES, "Amount"))
"""Columns that hold a real number, or nothing where the value is missing."""

START = datetime(2013, 9, 1, tzinfo=UTC)
"""When ``Time`` is 0. The data set covers two days of September 2013."""

SCHEMA = pa.schema(
    [
        pa.field("Id", pa.int64(), nullable=False),
        pa.field("Timestamp", pa.timestamp("ms", "UTC"), nullable=False),
        pa.field("User", pa.string(), nullable=False),
        pa.field("Time", pa.int32(), nullable=False),  # seconds since START
        *(pa.field(name, pa.float64()) for name in FEATURES),
        pa.field("Amount", pa.float64()),
        pa.field("Class", pa.int8()),  # 0 normal, 1 fraud, null not known (yet)
    ]
)
"""The payment as Arrow sees it. Missing numbers and labels are null; KSQL fills or sets them apart later."""
