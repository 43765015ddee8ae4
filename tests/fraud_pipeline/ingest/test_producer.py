"""Ingest: every row is on a topic, once, as KSQL expects it, and the report says so."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import IngestError, ingest
from fraud_pipeline.kafka import ensure_topics, headers_as_text
from fraud_pipeline.topics import PARTITIONS, dead_letters
from fraud_pipeline.transactions import Block, SourceError, SyntheticSource
from tests.fraud_pipeline.reading import records
from tests.fraud_pipeline.transactions.rows import HEADER, row, write

Unique = Callable[[str], str]


def test_each_payment_is_on_the_topic_once(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    source = SyntheticSource(seed=1)
    report = ingest(kafka, source, topic=topic, rows=5000)
    assert (report.ingested, report.produced, report.dead_lettered) == (5000, 5000, 0)
    assert not report.interrupted
    expected = {value for block in source.blocks(5000) for value in block.values}
    found = records(kafka, topic)
    assert len(found) == 5000
    assert {message.value() for message in found} == expected
    assert len({message.partition() for message in found}) == PARTITIONS


def test_key_is_the_user_and_timestamp_the_time_of_the_payment(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    report = ingest(kafka, SyntheticSource(seed=2), topic=topic, rows=500)
    partition_of: dict[bytes, int] = {}
    for message in records(kafka, topic):
        _, instant, user, *_ = message.value().decode().split(",")
        assert message.key() == user.encode()
        assert message.timestamp()[1] == datetime.fromisoformat(instant).timestamp() * 1000
        assert partition_of.setdefault(message.key(), message.partition()) == message.partition()
    assert report.users == {key.decode() for key in partition_of}


def test_rows_that_do_not_fit_are_dead_letters(kafka: Connection, unique: Unique, tmp_path: Path) -> None:
    topic = unique("payments")
    bad = row(2, V7="seven")
    source = write(tmp_path / "payments.csv", HEADER, [row(1), bad, row(3)])
    report = ingest(kafka, source, topic=topic)
    assert (report.ingested, report.produced, report.dead_lettered) == (3, 2, 1)
    (letter,) = records(kafka, dead_letters(topic))
    assert letter.value() == bad.encode()
    assert headers_as_text(letter) == {
        "dlq.reason": "V7: not a number: 'seven'",
        "dlq.line": "3",
        "dlq.source": "payments.csv",
    }


def test_payment_from_the_future_is_a_dead_letter_and_takes_none_with_it(
    kafka: Connection, unique: Unique, tmp_path: Path
) -> None:
    topic = unique("payments")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    rows = [row(1), row(2, timestamp=tomorrow.replace("+00:00", "Z")), row(3)]
    report = ingest(kafka, write(tmp_path / "payments.csv", HEADER, rows), topic=topic)
    assert (report.ingested, report.produced, report.dead_lettered) == (3, 2, 1)
    (letter,) = records(kafka, dead_letters(topic))
    assert "future" in headers_as_text(letter)["dlq.reason"]


def test_live_stream_is_paced_and_stamped_with_the_time_of_sending(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    before = time.time() * 1000
    report = ingest(kafka, SyntheticSource(), topic=topic, rows=300, rate=300, timestamps="now")
    stamps = sorted(message.timestamp()[1] for message in records(kafka, topic))
    assert report.seconds >= 299 / 300
    assert stamps[0] >= before - 1
    assert stamps[-1] - stamps[0] > 700
    assert stamps[150] - stamps[0] > 200  # evenly, and not all at the end


def test_progress_counts_up_to_all_rows(kafka: Connection, unique: Unique) -> None:
    seen: list[int] = []
    ingest(kafka, SyntheticSource(), topic=unique("payments"), rows=5000, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 5000


@dataclass(frozen=True)
class CtrlC:
    """An endless source, during whose second block somebody presses Ctrl-C."""

    name: str = "endless"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        yield from SyntheticSource().blocks(1000)
        signal.raise_signal(signal.SIGINT)
        while True:
            yield from SyntheticSource().blocks(1000)


@pytest.mark.parametrize("rate", [None, 2000, 0.01])
def test_ctrl_c_ends_the_reading_and_the_report_is_true(kafka: Connection, unique: Unique, rate: float | None) -> None:
    topic = unique("payments")
    before = signal.getsignal(signal.SIGINT)
    report = ingest(kafka, CtrlC(), topic=topic, rate=rate)
    assert report.interrupted
    assert report.ingested == report.produced == len(records(kafka, topic))
    assert signal.getsignal(signal.SIGINT) == before


@dataclass(frozen=True)
class Broken:
    """A source that ends in an error."""

    name: str = "broken"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        yield from SyntheticSource().blocks(1000)
        raise SourceError("the file ends here")


def test_source_error_comes_after_the_rows_before_it(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    with pytest.raises(SourceError, match="ends here"):
        ingest(kafka, Broken(), topic=topic)
    assert len(records(kafka, topic)) == 1000


def test_queue_that_is_full_is_waited_for(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    narrow = replace(kafka, client={**kafka.client, "queue.buffering.max.messages": "100"})
    report = ingest(narrow, SyntheticSource(), topic=topic, rows=3000)
    assert report.produced == 3000 == len(records(kafka, topic))


@dataclass(frozen=True)
class OneTooLarge:
    """A source with one good payment and one whose text is larger than Kafka takes."""

    name: str = "large"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        block = next(SyntheticSource().blocks(2))
        yield replace(block, values=[block.values[0], b"x" * 2_000_000])


def test_payment_that_is_too_large_to_send_is_a_dead_letter_cut_short(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    report = ingest(kafka, OneTooLarge(), topic=topic)
    assert (report.ingested, report.produced, report.dead_lettered) == (2, 1, 1)
    (letter,) = records(kafka, dead_letters(topic))
    assert letter.value() == b"x" * 500_000
    headers = headers_as_text(letter)
    assert headers["dlq.bytes"] == "2000000"
    assert "too large" in headers["dlq.reason"]


def test_payments_that_the_broker_refuses_are_dead_letters(kafka: Connection, unique: Unique) -> None:
    topic = unique("payments")
    ensure_topics(kafka, {topic: 1}, {"max.message.bytes": "200"})
    report = ingest(kafka, SyntheticSource(), topic=topic, rows=20)
    assert (report.ingested, report.produced, report.dead_lettered) == (20, 0, 20)
    letters = records(kafka, dead_letters(topic))
    assert len(letters) == 20
    assert all("large" in headers_as_text(letter)["dlq.reason"] for letter in letters)


def test_no_broker_is_told(unique: Unique) -> None:
    nowhere = Connection(bootstrap_servers="127.0.0.1:1", client={"log_level": "0"})
    with pytest.raises(IngestError, match=r"127\.0\.0\.1:1"):
        ingest(nowhere, SyntheticSource(), topic=unique("payments"), rows=1)


def test_no_thread_is_left_behind(kafka: Connection, unique: Unique) -> None:
    before = {thread.name for thread in threading.enumerate()}
    ingest(kafka, SyntheticSource(), topic=unique("payments"), rows=10)
    assert {thread.name for thread in threading.enumerate()} <= before
