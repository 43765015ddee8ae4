"""What a server has been told is there after a stop, and after a power cut."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import httpx
import pytest
from confluent_kafka import Producer

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
    assert producer.flush(10) == 0


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
    answer = httpx.post(f"{server.url}/query-stream", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return len(answer.text.splitlines()) - 1


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_is_killed(
    start: Callable[[str], RunningServer], unique: Callable[[str], str]
) -> None:
    prefix = unique("killed").replace("-", "_").upper()
    server = start(f"{prefix}_")
    define(server, prefix)
    amounts = [10.0 + number for number in range(20_000)]
    for beginning in range(0, len(amounts), 5_000):
        produce(server, f"{prefix}_p", amounts[beginning : beginning + 5_000])
        server.kill()
        server = start(f"{prefix}_")
    deadline = time.monotonic() + 60
    while len(seen := passed_on(server, f"{prefix}_BIG")) < len(amounts):
        assert time.monotonic() < deadline, f"{len(amounts) - len(seen)} records are missing"
    assert seen == set(amounts)


def passed_on(server: RunningServer, stream: str) -> set[float]:
    body = {"sql": f"SELECT amount FROM {stream};", "properties": {}}
    answer = httpx.post(f"{server.url}/query-stream", json=body, timeout=60)
    return {json.loads(line)[0] for line in answer.text.splitlines()[1:]}
