"""Rows between a query's thread and a client."""

import asyncio
from threading import Thread

import pytest

from pocket_ksql.server.buffer import QueryFailedError, RowBuffer


def in_thread(work: object) -> Thread:
    assert callable(work)
    thread = Thread(target=work)
    thread.start()
    return thread


def test_rows_arrive_in_order_and_the_end_ends_them() -> None:
    async def read() -> list[object]:
        buffer = RowBuffer()

        def write() -> None:
            for number in range(100):
                assert buffer.deliver([[number]])
            buffer.finish(None)

        in_thread(write)
        return [row for rows in [chunk async for chunk in buffer.chunks()] for row in rows]

    assert asyncio.run(read()) == [[number] for number in range(100)]


def test_a_slow_reader_holds_the_writer_back() -> None:
    async def read() -> tuple[int, bool]:
        buffer = RowBuffer()
        written = 0

        def write() -> None:
            nonlocal written
            while buffer.deliver([[written]]):
                written += 1

        writer = in_thread(write)
        before = -1
        while written != before:  # until the writer stands still
            before = written
            await asyncio.sleep(0.05)
        buffer.close()
        await asyncio.to_thread(writer.join, 5)
        return written, writer.is_alive()

    written, alive = asyncio.run(read())
    assert written <= 8
    assert not alive


def test_a_failed_query_says_so_after_its_rows() -> None:
    async def read() -> list[object]:
        buffer = RowBuffer()

        def write() -> None:
            buffer.deliver([["row"]])
            buffer.finish("the topic is gone")

        in_thread(write)
        chunks = buffer.chunks()
        rows: list[object] = list(await anext(chunks))
        with pytest.raises(QueryFailedError, match="the topic is gone"):
            await anext(chunks)
        return rows

    assert asyncio.run(read()) == [["row"]]
