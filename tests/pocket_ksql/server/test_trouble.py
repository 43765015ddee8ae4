"""What goes wrong in practice: bad bytes, a topic that is gone, a reader who does not read."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable

import httpx
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from tests.pocket_ksql.server.conftest import RunningServer

EARLIEST = {"auto.offset.reset": "earliest"}
_PATIENCE = 20.0


def until(condition: Callable[[], bool], problem: str) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline, problem


@pytest.fixture
def stream(server: RunningServer, unique: Callable[[str], str]) -> str:
    """A stream of JSON, copied by a running query to the stream ``…_COPY``."""
    name = unique("trouble").replace("-", "_").upper()
    script = f"""
        CREATE STREAM {name} (a INT) WITH (kafka_topic='{name}', value_format='JSON', partitions=1);
        CREATE STREAM {name}_COPY AS SELECT a FROM {name};
    """
    answer = server.ksql(script, **EARLIEST)
    assert answer.status_code == 200, answer.text
    return name


def produce(server: RunningServer, topic: str, *values: bytes) -> None:
    producer = Producer({"bootstrap.servers": server.bootstrap_servers})
    for value in values:
        producer.produce(topic, value=value)
    assert producer.flush(10) == 0


def rows(server: RunningServer, query: str) -> list[list[object]]:
    """The rows of a query that ends by itself."""
    body = {"sql": query, "properties": EARLIEST}
    answer = httpx.post(f"{server.url}/query-stream", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()[1:]]


def test_bad_bytes_go_to_the_processing_log_and_the_query_goes_on(server: RunningServer, stream: str) -> None:
    produce(server, stream, b'{"a": 1}', b"\xff no json", b'{"a": 2}')
    until(lambda: rows(server, f"SELECT * FROM {stream}_COPY;") == [[1], [2]], "the good records did not pass")
    logged = rows(server, "SELECT message->deserializationerror FROM ksql_processing_log;")
    (entry,) = [error for (error,) in logged if isinstance(error, dict) and error["topic"] == stream]
    assert base64.b64decode(entry["RECORDB64"]) == b"\xff no json"
    assert entry["ERRORMESSAGE"]


def test_a_query_whose_topic_is_deleted_says_so_and_the_server_goes_on(server: RunningServer, stream: str) -> None:
    produce(server, stream, b'{"a": 1}')
    until(lambda: rows(server, f"SELECT * FROM {stream}_COPY;") == [[1]], "the record did not pass")
    admin = AdminClient({"bootstrap.servers": server.bootstrap_servers})
    admin.delete_topics([stream])[stream].result()

    def stands_still() -> bool:
        queries = server.ksql("SHOW QUERIES;").json()[0]["queries"]
        return [query["state"] for query in queries if f"{stream}_COPY" in query["id"]] == ["ERROR"]

    until(stands_still, "the query does not notice")
    assert server.ksql("SHOW STREAMS;").status_code == 200


def test_a_reader_who_does_not_read_costs_no_memory(server: RunningServer, stream: str) -> None:
    padding = "x" * 1000
    produce(server, stream, *(json.dumps({"a": number, "p": padding}).encode() for number in range(50_000)))
    before = resident(server)
    body = {"sql": f"SELECT * FROM {stream} EMIT CHANGES;", "properties": EARLIEST}
    with httpx.stream("POST", f"{server.url}/query-stream", json=body, timeout=30) as answer:
        next(answer.iter_lines())
        until(lambda: len(rows(server, f"SELECT * FROM {stream}_COPY;")) == 50_000, "the copy stands still")
        assert resident(server) - before < 100


def resident(server: RunningServer) -> float:
    """Megabytes of memory that the server holds."""
    import psutil

    return float(psutil.Process(server.process.pid).memory_info().rss) / 2**20


def test_many_queries_run_at_once(server: RunningServer, stream: str) -> None:
    script = "".join(f"CREATE STREAM {stream}_{n} AS SELECT a + {n} AS a FROM {stream};" for n in range(20))
    assert server.ksql(script, **EARLIEST).status_code == 200
    produce(server, stream, b'{"a": 1}')
    until(lambda: rows(server, f"SELECT * FROM {stream}_19;") == [[20]], "the last query gives nothing")
    drop = "".join(f"DROP STREAM {stream}_{n} DELETE TOPIC;" for n in range(20))
    assert server.ksql(drop).status_code == 200


def test_terminate_ends_a_query_and_deletes_its_state(server: RunningServer, stream: str) -> None:
    table = f"{stream}_N"
    created = server.ksql(f"CREATE TABLE {table} AS SELECT a, COUNT(*) AS n FROM {stream} GROUP BY a;", **EARLIEST)
    assert created.status_code == 200, created.text
    query_id = created.json()[0]["commandStatus"]["queryId"]
    produce(server, stream, b'{"a": 1}')
    admin = AdminClient({"bootstrap.servers": server.bootstrap_servers})

    def changelogs() -> list[str]:
        return [name for name in admin.list_topics(timeout=10).topics if query_id in name and "changelog" in name]

    until(lambda: bool(changelogs()), "no changelog was made")
    assert server.ksql(f"TERMINATE {query_id};").status_code == 200
    assert changelogs() == []
    assert query_id not in server.ksql("SHOW QUERIES;").text


def test_a_paused_query_waits_until_it_is_resumed(server: RunningServer, stream: str) -> None:
    (query_id,) = [
        query["id"]
        for query in server.ksql("SHOW QUERIES;").json()[0]["queries"]
        if query["sinks"] == [f"{stream}_COPY"]
    ]
    assert server.ksql(f"PAUSE {query_id};").status_code == 200
    assert '"state":"PAUSED"' in server.ksql("SHOW QUERIES;").text
    produce(server, stream, b'{"a": 1}')
    assert server.ksql(f"RESUME {query_id};").status_code == 200
    until(lambda: rows(server, f"SELECT * FROM {stream}_COPY;") == [[1]], "the query does not go on")


def test_a_script_with_a_mistake_is_not_half_run(server: RunningServer, stream: str) -> None:
    refused = server.ksql(
        f"CREATE STREAM {stream}_X AS SELECT a FROM {stream}; CREATE STREAM y AS SELECT b FROM {stream};"
    )
    assert refused.status_code == 400
    assert f"{stream}_X" not in server.ksql("SHOW STREAMS;").text
