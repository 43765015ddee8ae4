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
_PATIENCE = 60.0


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
    assert producer.flush(60) == 0


def rows(server: RunningServer, query: str) -> list[list[object]]:
    """The rows of a query that ends by itself."""
    body = {"sql": query, "properties": EARLIEST}
    answer = httpx.post(f"{server.url}/query-stream", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()[1:]]


BAD_BYTES = {
    "DELIMITED": b"one,two",
    "KAFKA": b"\x01",
    "JSON": b"\xff no json",
    "JSON_SR": b"\x00\x00\x00",
    "AVRO": b"\xff no avro",
    "PROTOBUF": b"\xff no protobuf",
    "PROTOBUF_NOSR": b"\x0a\xff",
}


@pytest.mark.parametrize("value_format", BAD_BYTES)
def test_bad_bytes_go_to_the_processing_log_and_the_query_goes_on(
    server: RunningServer, unique: Callable[[str], str], value_format: str
) -> None:
    name = unique("bad").replace("-", "_").upper()
    created = server.ksql(
        f"""
        CREATE STREAM {name} (a INT) WITH (kafka_topic='{name}', value_format='{value_format}', partitions=1);
        CREATE STREAM {name}_COPY WITH (value_format='JSON') AS SELECT a FROM {name};
        """,
        **EARLIEST,
    )
    assert created.status_code == 200, created.text
    assert server.ksql(f"INSERT INTO {name} (a) VALUES (1);").status_code == 200
    bad = BAD_BYTES[value_format]
    produce(server, name, bad)
    assert server.ksql(f"INSERT INTO {name} (a) VALUES (2);").status_code == 200
    until(lambda: rows(server, f"SELECT * FROM {name}_COPY;") == [[1], [2]], "the good records did not pass")

    def logged() -> list[dict[str, object]]:
        found = rows(server, "SELECT message->deserializationerror FROM ksql_processing_log;")
        return [error for (error,) in found if isinstance(error, dict) and error["topic"] == name]

    until(lambda: bool(logged()), "nothing was logged")
    (entry,) = logged()
    assert base64.b64decode(str(entry["RECORDB64"])) == bad
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
    with httpx.stream("POST", f"{server.url}/query-stream", json=body, timeout=60) as answer:
        next(answer.iter_lines())
        until(lambda: len(rows(server, f"SELECT * FROM {stream}_COPY;")) == 50_000, "the copy stands still")
        assert resident(server) - before < 100


def resident(server: RunningServer) -> float:
    """Megabytes of memory that the server holds."""
    import psutil

    return float(psutil.Process(server.process.pid).memory_info().rss) / 2**20


@pytest.mark.slow
def test_a_hundred_queries_run_at_once(server: RunningServer, stream: str) -> None:
    for some in range(0, 100, 10):
        script = "".join(
            f"CREATE STREAM {stream}_{n} AS SELECT a + {n} AS a FROM {stream};" for n in range(some, some + 10)
        )
        assert server.ksql(script, **EARLIEST).status_code == 200
    produce(server, stream, b'{"a": 1}')
    for n in range(100):
        until(lambda n=n: rows(server, f"SELECT * FROM {stream}_{n};") == [[n + 1]], f"query {n} gives nothing")
    for some in range(0, 100, 10):
        drop = "".join(f"DROP STREAM {stream}_{n} DELETE TOPIC;" for n in range(some, some + 10))
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


def test_a_query_that_is_resumed_and_paused_at_once_reads_nothing_after_the_answer(
    server: RunningServer, stream: str
) -> None:
    query_id = next(
        query["id"]
        for query in server.ksql("SHOW QUERIES;").json()[0]["queries"]
        if query["sinks"] == [f"{stream}_COPY"]
    )
    server.ksql(f"CREATE STREAM {stream}_FREE AS SELECT a FROM {stream};", **EARLIEST)
    server.ksql(f"PAUSE {query_id};")
    for number in range(5):
        produce(server, stream, b'{"a": %d}' % number)
        assert server.ksql(f"RESUME {query_id}; PAUSE {query_id};").status_code == 200
        copied = rows(server, f"SELECT * FROM {stream}_COPY;")
        produce(server, stream, b'{"a": %d}' % (100 + number))
        last = [100 + number]
        # When another query has come so far, this one would have, too.
        until(lambda last=last: last in rows(server, f"SELECT * FROM {stream}_FREE;"), "the other query stands still")
        assert rows(server, f"SELECT * FROM {stream}_COPY;") == copied
    assert server.ksql(f"RESUME {query_id};").status_code == 200
    until(lambda: [104] in rows(server, f"SELECT * FROM {stream}_COPY;"), "the query does not go on")
    everything = [[n] for number in range(5) for n in (number, 100 + number)]
    assert rows(server, f"SELECT * FROM {stream}_COPY;") == everything


def test_a_statement_that_wants_an_existing_topic_otherwise_is_refused(server: RunningServer, stream: str) -> None:
    wrong = f"CREATE STREAM {stream}_5 (a INT) WITH (kafka_topic='{stream}', value_format='JSON', partitions=5);"
    refused = server.ksql(wrong)
    assert refused.status_code == 400
    assert "KSQL expects 5 partitions (topic has 1)" in refused.json()["message"]
    assert server.ksql(wrong.replace("partitions=5", "partitions=1")).status_code == 200


def test_a_script_with_a_mistake_is_not_half_run(server: RunningServer, stream: str) -> None:
    refused = server.ksql(
        f"CREATE STREAM {stream}_X AS SELECT a FROM {stream}; CREATE STREAM y AS SELECT b FROM {stream};"
    )
    assert refused.status_code == 400
    assert f"{stream}_X" not in server.ksql("SHOW STREAMS;").text


@pytest.mark.slow
def test_a_registry_that_is_away_is_named_and_waited_for(
    start: Callable[..., RunningServer], unique: Callable[[str], str]
) -> None:
    name = unique("away").replace("-", "_").upper()
    registry = start(f"{name}_registry_")
    server = start(f"{name}_", "--registry-url", registry.registry_url)
    in_json = f"""
        CREATE STREAM {name} (a INT) WITH (kafka_topic='{name}', value_format='JSON', partitions=1);
        CREATE STREAM {name}_COPY AS SELECT a FROM {name};
    """
    in_avro = f"CREATE STREAM {name}_AVRO WITH (value_format='AVRO') AS SELECT a FROM {name};"
    registry.kill()
    assert server.ksql(in_json, **EARLIEST).status_code == 200
    refused = server.ksql(in_avro, **EARLIEST)
    assert refused.status_code in (400, 500)
    assert registry.registry_url in refused.json()["message"]
    produce(server, name, b'{"a": 1}')
    until(lambda: rows(server, f"SELECT * FROM {name}_COPY;") == [[1]], "a query that needs no registry stands still")

    start(f"{name}_registry_", "--registry-port", str(registry.registry_port))
    assert server.ksql(in_avro, **EARLIEST).status_code == 200
    until(lambda: rows(server, f"SELECT * FROM {name}_AVRO;") == [[1]], "the registry is back and is not used")
