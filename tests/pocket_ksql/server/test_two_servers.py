"""Two servers with one service id: the same streams, tables and queries on both, each query on one of them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pocket_ksql.kafka import Kafka, read_to_end
from tests.pocket_ksql.server.conftest import RunningServer
from tests.pocket_ksql.server.test_clients import eventually
from tests.pocket_ksql.server.test_restart import EARLIEST, listing, produce

pytestmark = pytest.mark.slow

QUERIES = 6


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def count(server: RunningServer, topic: str) -> int:
    return sum(1 for _ in read_to_end(Kafka.at(server.bootstrap_servers), topic))


@pytest.mark.parametrize("guarantee", ["at_least_once", "exactly_once_v2"])
def test_two_servers_share_queries_and_one_takes_over_from_the_other(
    guarantee: str, start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    prefix = unique("two").replace("-", "_").upper()
    properties = {**EARLIEST, "processing.guarantee": guarantee}
    first = start(f"{prefix}_")
    second = start(f"{prefix}_", "--registry-url", first.registry_url)
    source = f"CREATE STREAM {prefix}_P (user VARCHAR KEY, amount DOUBLE) WITH (kafka_topic='{prefix}_P', "
    assert first.ksql(f"{source}value_format='JSON', partitions=2);").status_code == 200
    names = [f"{prefix}_COPY{number}" for number in range(QUERIES)]
    for number, name in enumerate(names):
        server = (first, second)[number % 2]  # told to either, known to both
        wait_until(lambda server=server: f"{prefix}_P" in str(listing(server)))
        answer = server.ksql(
            f"CREATE STREAM {name} WITH (kafka_topic='{name}') AS SELECT * FROM {prefix}_P;", **properties
        )
        assert answer.status_code == 200, answer.text
    wait_until(lambda: listing(first) == listing(second))
    for server in (first, second):
        states = [query["state"] for query in server.ksql("SHOW QUERIES;").json()[0]["queries"]]
        assert states == ["RUNNING"] * QUERIES

    produce(first, f"{prefix}_P", [float(number) for number in range(100)])
    wait_until(lambda: all(count(first, name) == 100 for name in names))
    first.kill()
    produce(second, f"{prefix}_P", [float(number) for number in range(100)])
    wait_until(lambda: all(count(second, name) >= 200 for name in names))
    if guarantee == "exactly_once_v2":
        assert [count(second, name) for name in names] == [200] * QUERIES

    again = start(f"{prefix}_", "--registry-url", second.registry_url)
    wait_until(lambda: listing(again) == listing(second))
    assert second.ksql(f"DROP STREAM {names[0]} DELETE TOPIC;").status_code == 200
    wait_until(lambda: listing(again) == listing(second))


def test_a_table_can_be_asked_for_on_either_server(
    start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    prefix = unique("pull").replace("-", "_").upper()
    servers = [start(f"{prefix}_") for _ in range(2)]
    tables = "".join(
        f"CREATE TABLE {prefix}_T{number} AS SELECT user, COUNT(*) AS n FROM {prefix}_P GROUP BY user;"
        for number in range(4)
    )
    source = f"CREATE STREAM {prefix}_P (user VARCHAR KEY, amount DOUBLE) WITH (kafka_topic='{prefix}_P', "
    answer = servers[0].ksql(f"{source}value_format='JSON', partitions=2);{tables}", **EARLIEST)
    assert answer.status_code == 200, answer.text
    wait_until(lambda: listing(servers[0]) == listing(servers[1]))
    produce(servers[0], f"{prefix}_P", [1.0, 2.0, 3.0])
    for number in range(4):
        for server in servers:
            assert eventually(server, f"SELECT * FROM {prefix}_T{number} WHERE user = 'Hans';", [["Hans", 3]])


def test_statements_sent_to_both_at_once_come_out_in_one_order(
    start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    prefix = unique("race").replace("-", "_").upper()
    servers = [start(f"{prefix}_") for _ in range(2)]
    answer = servers[0].ksql(
        f"CREATE STREAM {prefix}_P (a INT) WITH (kafka_topic='{prefix}_P', value_format='JSON', partitions=1);"
    )
    assert answer.status_code == 200

    def create(number: int) -> int:
        text = f"CREATE STREAM {prefix}_C{number} AS SELECT * FROM {prefix}_P;"
        return servers[number % 2].ksql(text).status_code

    wait_until(lambda: f"{prefix}_P" in str(listing(servers[1])))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(create, range(8))) == [200] * 8
    wait_until(lambda: listing(servers[0]) == listing(servers[1]))
    streams, _, queries = listing(servers[0])
    assert len(streams) == 10  # with the source and the processing log
    assert len(queries) == len(set(queries)) == 8
