"""A source in two parts: what has happened, and the last payments, which arrive live later."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import pyarrow as pa

from fraud_pipeline.transactions import Block, Source


class History:
    """All payments of ``source`` but the last ones, which ``live`` gives once these are read to their end.

    Together they are every row of the source, in order; rejected rows belong to the history.

    Args:
        source: where the payments come from.
        live: payments to hold back, at most a tenth of what there is.
    """

    def __init__(self, source: Source, live: int) -> None:
        self.name = source.name
        self.live = Live(source.name)
        self._source = source
        self._most = live

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        kept: deque[Block] = deque()
        held = seen = 0
        for block in self._source.blocks(rows):
            kept.append(block)
            held += len(block.values)
            seen += len(block.values)
            while held - len(kept[0].values) >= self._most:
                held -= len(kept[0].values)
                yield kept.popleft()
        if kept:
            last = _joined(kept)
            cut = held - min(self._most, seen // 10)
            self.live.block = Block(last.payments.slice(cut), last.values[cut:])
            yield Block(last.payments.slice(0, cut), last.values[:cut], last.rejected)


class Live:
    """The payments that a :class:`History` has held back."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.block: Block | None = None

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        if self.block is not None:
            yield self.block


def _joined(blocks: deque[Block]) -> Block:
    return Block(
        pa.concat_batches([block.payments for block in blocks]),
        [value for block in blocks for value in block.values],
        tuple(row for block in blocks for row in block.rejected),
    )
