"""What a server has been told is there after a stop, and after a power cut."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from pocket_ksql.kafka import Kafka, read_to_end
from tests.pocket_ksql.server.conftest import RunningServer
from tests.pocket_ksql.server.test_clients import eventually

EARLIEST = {"auto.offset.reset": "earliest"}


def define(server: RunningServer, prefix: str) -> None:
    script = f"""
        CREATE STREAM {prefix}_p (user VARCHAR KEY, amount DOUBLE)
            WITH (kafka_topic='{prefix}_p', value_format='JSON', partitions=2);
        CREATE STREAM {prefix}_big WITH (kafka_topic='{prefix}_big') AS
            SELECT * FROM {prefix}_p WHERE amount > 5;
        CREATE TABLE {prefix}_n AS SELECT user, COUNT(*) AS n FROM {prefix}_p GROUP BY user;
        CREATE STREAM {prefix}_gone (a INT) WITH (kafka_topic='{prefix}_p', value_format='JSON');
        DROP STREAM {prefix}_gone;
    """
    answer = server.ksql(script, **EARLIEST)
    assert answer.status_code == 200, answer.text


def produce(server: RunningServer, topic: str, amounts: list[float]) -> None:
    producer = Producer({"bootstrap.servers": server.bootstrap_servers})
    for amount in amounts:
        producer.produce(topic, key=b"Hans", value=json.dumps({"amount": amount}).encode())
    assert producer.flush(60) == 0


def listing(server: RunningServer) -> list[object]:
    answer = server.ksql("SHOW STREAMS; SHOW TABLES; SHOW QUERIES;").json()
    return [answer[0]["streams"], answer[1]["tables"], [query["id"] for query in answer[2]["queries"]]]


def test_definitions_queries_and_state_survive_a_restart(
    start: Callable[[str], RunningServer], unique: Callable[[str], str]
) -> None:
    prefix = unique("restart").replace("-", "_").upper()
    first = start(f"{prefix}_")
    define(first, prefix)
    produce(first, f"{prefix}_p", [1.0, 10.0, 20.0])
    assert eventually(first, f"SELECT * FROM {prefix}_n WHERE user = 'Hans';", [["Hans", 3]])
    before = listing(first)
    assert first.stop() == 0

    second = start(f"{prefix}_")
    assert listing(second) == before
    assert eventually(second, f"SELECT * FROM {prefix}_n WHERE user = 'Hans';", [["Hans", 3]])
    produce(second, f"{prefix}_p", [30.0])
    assert eventually(second, f"SELECT * FROM {prefix}_n WHERE user = 'Hans';", [["Hans", 4]])
    assert count(second, f"{prefix}_big") == 3


def count(server: RunningServer, stream: str) -> int:
    """Number of records in a stream now."""
    body = {"sql": f"SELECT * FROM {stream};", "properties": {}}
    answer = httpx.post(f"{server.url}/query-stream", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return len(answer.text.splitlines()) - 1


HOUR = 3_600_000
SPAN = 2_000
"""Milliseconds between rows that the join brings together, at most; a window's size too."""


@dataclass(frozen=True)
class Sent:
    """Rows of both streams: user, number, time. Every third user is in the left one alone."""

    left: list[tuple[str, int, int]]
    right: list[tuple[str, int, int]]

    @classmethod
    def some(cls, count: int) -> Sent:
        start = (int(time.time() * 1000) - 3 * HOUR) // SPAN * SPAN
        left = [(f"u{number % 12}", number, start + number * 50) for number in range(count)]
        right = [(user, number, when + 300) for user, number, when in left if int(user[1:]) % 3]
        return cls(left, right)

    @property
    def windows(self) -> dict[tuple[str, int], int]:
        """How many rows of the left stream each window has."""
        return Counter((user, when // SPAN * SPAN) for user, _, when in self.left)

    @property
    def pairs(self) -> list[tuple[int, int | None]]:
        """The numbers of the rows that belong together; a left row that finds none stands alone."""
        found: list[tuple[int, int | None]] = []
        for user, number, when in self.left:
            near = [other for its, other, then in self.right if its == user and abs(then - when) <= SPAN]
            found += [(number, other) for other in near] or [(number, None)]
        return sorted(found, key=str)


@dataclass(frozen=True)
class Came:
    """What the queries have written, as a reader of committed records sees it."""

    big: list[int]
    copied: list[int]
    pairs: list[tuple[int, int | None]]
    gathered: dict[tuple[str, int], list[int]]
    counts: dict[tuple[str, int], list[int]]
    finals: dict[tuple[str, int], list[int]]

    @classmethod
    def of(cls, server: RunningServer, prefix: str) -> Came:
        kafka = Kafka.at(server.bootstrap_servers)

        def read(name: str) -> list[tuple[bytes, Any]]:
            messages = read_to_end(kafka, f"{prefix}_{name}")
            return [(one.key() or b"", json.loads(one.value() or b"null")) for one in messages]

        def by_window(name: str) -> dict[tuple[str, int], list[int]]:
            found: dict[tuple[str, int], list[int]] = {}
            for key, value in read(name):
                user, begin = key[:-8].decode(), int.from_bytes(key[-8:], "big")
                if user != CLOSER:
                    found.setdefault((user, begin), []).append(value["N"])
            return found

        return cls(
            sorted(value["A"] for _, value in read("BIG")),
            sorted(value["A"] for _, value in read("COPIED")),
            sorted(((value["A"], value["B"]) for _, value in read("PAIRS")), key=str),
            by_window("GATHERED"),
            by_window("COUNTS"),
            by_window("FINALS"),
        )


CLOSER = "closer"
"""A user whose one row, long after the others, closes all windows."""


def define_all(server: RunningServer, prefix: str, **properties: str) -> None:
    """A filter, what reads its output, a stream join, windows whose changes are gathered, windows of which each change
    comes out, and windows that are final."""
    script = f"""
        CREATE STREAM {prefix}_L (u VARCHAR KEY, a INT)
            WITH (kafka_topic='{prefix}_L', value_format='JSON', partitions=2);
        CREATE STREAM {prefix}_R (u VARCHAR KEY, b INT)
            WITH (kafka_topic='{prefix}_R', value_format='JSON', partitions=2);
        CREATE STREAM {prefix}_BIG AS SELECT * FROM {prefix}_L WHERE a % 3 = 0 AND u <> '{CLOSER}';
        CREATE STREAM {prefix}_COPIED AS SELECT * FROM {prefix}_BIG;
        CREATE STREAM {prefix}_PAIRS AS SELECT l.u AS u, a, b FROM {prefix}_L l LEFT JOIN {prefix}_R r
            WITHIN {SPAN} MILLISECONDS GRACE PERIOD 1 HOUR ON l.u = r.u;
        SET 'commit.interval.ms'='200';
        CREATE TABLE {prefix}_GATHERED AS SELECT u, COUNT(*) AS n FROM {prefix}_L
            WINDOW TUMBLING (SIZE {SPAN} MILLISECONDS, GRACE PERIOD 1 HOUR) GROUP BY u;
        SET 'cache.max.bytes.buffering'='0';
        CREATE TABLE {prefix}_COUNTS AS SELECT u, COUNT(*) AS n FROM {prefix}_L
            WINDOW TUMBLING (SIZE {SPAN} MILLISECONDS, GRACE PERIOD 1 HOUR) GROUP BY u;
        CREATE TABLE {prefix}_FINALS AS SELECT u, COUNT(*) AS n FROM {prefix}_L
            WINDOW TUMBLING (SIZE {SPAN} MILLISECONDS, RETENTION 1 DAY, GRACE PERIOD 1 HOUR) GROUP BY u EMIT FINAL;
    """
    answer = server.ksql(script, **EARLIEST, **properties)
    assert answer.status_code == 200, answer.text


def send(server: RunningServer, topic: str, column: str, rows: Sequence[tuple[str, int, int]]) -> None:
    producer = Producer({"bootstrap.servers": server.bootstrap_servers, "partitioner": "murmur2_random"})
    for user, number, when in rows:
        producer.produce(topic, key=user.encode(), value=json.dumps({column: number}).encode(), timestamp=when)
    assert producer.flush(60) == 0


KILLS = 4


@pytest.mark.slow
@pytest.mark.parametrize("guarantee", ["at_least_once", "exactly_once_v2"])
def test_a_kill_at_any_moment_loses_nothing(
    guarantee: str, start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    seed = random.randrange(1_000_000)
    moments = random.Random(seed)
    prefix = unique("killed").replace("-", "_").upper()
    server = start(f"{prefix}_")
    define_all(server, prefix, **{"processing.guarantee": guarantee})
    sent = Sent.some(3_000)
    step = len(sent.left) // KILLS
    for number in range(KILLS):
        part = range(number * step, (number + 1) * step)
        send(server, f"{prefix}_L", "A", sent.left[part.start : part.stop])
        send(server, f"{prefix}_R", "B", [row for row in sent.right if row[1] in part])
        time.sleep(moments.uniform(0.0, 0.6))
        server.kill()
        server = start(f"{prefix}_")
    send(server, f"{prefix}_L", "A", [(CLOSER, 0, sent.left[-1][2] + 2 * HOUR)])

    big, pairs, windows = [number for number in range(3_000) if number % 3 == 0], sent.pairs, sent.windows

    def complete(came: Came) -> bool:
        return (
            set(came.big) == set(came.copied) == set(big)
            and set(came.pairs) == set(pairs)
            and came.gathered.keys() == came.counts.keys() == came.finals.keys() == windows.keys()
            and all(counts[-1] >= windows[window] for window, counts in came.gathered.items())
            and all(counts[-1] >= windows[window] for window, counts in came.counts.items())
        )

    deadline = time.monotonic() + 120
    while not complete(came := Came.of(server, prefix)):
        assert time.monotonic() < deadline, f"seed {seed}: {missing(came, big, pairs, windows)}"
        time.sleep(0.1)
    assert all(max(finals) >= windows[window] for window, finals in came.finals.items()), f"seed {seed}"
    if guarantee == "exactly_once_v2":
        assert came.big == came.copied == big, f"seed {seed}"
        assert came.pairs == pairs, f"seed {seed}"
        assert came.counts == {window: list(range(1, n + 1)) for window, n in windows.items()}, f"seed {seed}"
        assert {window: counts[-1] for window, counts in came.gathered.items()} == windows, f"seed {seed}"
        assert all(sorted(set(counts)) == counts for counts in came.gathered.values()), f"seed {seed}"
        assert came.finals == {window: [n] for window, n in windows.items()}, f"seed {seed}"


def missing(
    came: Came, big: list[int], pairs: list[tuple[int, int | None]], windows: dict[tuple[str, int], int]
) -> dict[str, Any]:
    """For each query what is not there, and what should not be there."""
    return {
        "big": (set(big) - set(came.big), set(came.big) - set(big)),
        "copied": (set(big) - set(came.copied), set(came.copied) - set(big)),
        "pairs": (set(pairs) - set(came.pairs), set(came.pairs) - set(pairs)),
        "gathered": (windows.keys() - came.gathered.keys(), came.gathered.keys() - windows.keys()),
        "counts": (windows.keys() - came.counts.keys(), came.counts.keys() - windows.keys()),
        "finals": (windows.keys() - came.finals.keys(), came.finals.keys() - windows.keys()),
    }


def test_a_server_can_be_told_to_process_exactly_once(
    start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    prefix = unique("once").replace("-", "_").upper()
    server = start(f"{prefix}_", "--processing-guarantee", "exactly_once_v2")
    (shown,) = [one for one in server.ksql("SHOW PROPERTIES;").json()[0]["properties"] if "guarantee" in one["name"]]
    assert (shown["name"], shown["value"]) == ("ksql.streams.processing.guarantee", "exactly_once_v2")
    define(server, prefix)
    produce(server, f"{prefix}_p", [1.0, 10.0])
    assert eventually(server, f"SELECT * FROM {prefix}_n WHERE user = 'Hans';", [["Hans", 2]])
    refused = server.ksql("SET 'processing.guarantee'='perhaps';")
    assert refused.status_code == 400
    assert "String must be one of: at_least_once, exactly_once_v2" in refused.json()["message"]
