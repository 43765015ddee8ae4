"""What a source of payments is: blocks of good rows, and with them the rows that do not fit the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from fraud_pipeline.errors import PipelineError


class SourceError(PipelineError):
    """The source as a whole cannot be read; the message says why, and what to do."""


class HeaderError(SourceError):
    """The header does not name the columns of a payment."""


class RowError(ValueError):
    """One row does not fit the schema; the message names the column."""


@dataclass(frozen=True)
class Rejected:
    """A row that does not fit the schema, as it stood in the source."""

    line: int
    """Where it starts: a line of the file, counted from 1 with the header (a row number in Parquet)."""
    reason: str
    raw: bytes


@dataclass(frozen=True)
class Block:
    """Some rows of a source, in order. No row is lost: each is either a payment or rejected."""

    payments: pa.RecordBatch
    """Columns as in ``schema.SCHEMA``."""
    values: list[bytes]
    """The same payments as KSQL reads them, one DELIMITED line each."""
    rejected: tuple[Rejected, ...] = ()

    @property
    def rows(self) -> int:
        """Rows read: payments and rejected ones."""
        return self.payments.num_rows + len(self.rejected)


class Source(Protocol):
    """Where payments come from. Reading twice gives the same rows twice."""

    @property
    def name(self) -> str:
        """What to call it in headers and messages."""

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """The first ``rows`` rows (default: all), in order. Raises ``SourceError`` if there is nothing to read."""
