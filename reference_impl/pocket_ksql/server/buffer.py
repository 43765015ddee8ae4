"""Rows on their way from a query's thread to the client: few at a time, so that a slow client costs no memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import TimeoutError as NotYetError

from pocket_ksql.engine import Row

_CHUNKS = 8
_LOOK_EVERY = 0.2


class QueryFailedError(Exception):
    """The query ended with an error while its rows were being read."""


class RowBuffer:
    """Filled by a thread (`deliver`, `finish`), emptied by a coroutine (`chunks`)."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._chunks: asyncio.Queue[list[Row] | QueryFailedError | None] = asyncio.Queue(_CHUNKS)
        self._closed = False

    def deliver(self, rows: list[Row]) -> bool:
        """Hand rows over; waits while the reader has enough. False when the reader has gone."""
        return self._put(rows)

    def finish(self, error: str | None) -> None:
        """No more rows will come."""
        self._put(None if error is None else QueryFailedError(error))

    def _put(self, item: list[Row] | QueryFailedError | None) -> bool:
        if self._closed or self._loop.is_closed():
            return False
        done = asyncio.run_coroutine_threadsafe(self._chunks.put(item), self._loop)
        while not self._closed:
            with contextlib.suppress(NotYetError):
                done.result(_LOOK_EVERY)
                return True
        done.cancel()
        return False

    async def chunks(self) -> AsyncIterator[list[Row]]:
        """Rows as they come, until the query ends. Raises `QueryFailedError`."""
        while (item := await self._chunks.get()) is not None:
            if isinstance(item, QueryFailedError):
                raise item
            yield item

    def close(self) -> None:
        """The reader has gone: whatever still comes is dropped."""
        self._closed = True
