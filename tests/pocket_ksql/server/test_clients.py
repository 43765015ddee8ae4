"""The clients that people use, against a running server: ksql, confluent_kafka's serialisers, plain HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from ksql import KSQLAPI
from ksql.errors import KSQLError

from tests.pocket_ksql.server.conftest import RunningServer

EARLIEST = {"auto.offset.reset": "earliest"}


@pytest.fixture
def names(unique: Callable[[str], str]) -> Callable[[str], str]:
    """Names of streams and topics in one spelling that SQL takes unquoted."""
    return lambda name: unique(name).replace("-", "_").upper()


@pytest.fixture
def payments(server: RunningServer, names: Callable[[str], str]) -> str:
    """A stream of three payments."""
    name = names("payments")
    created = server.ksql(
        f"CREATE STREAM {name} (id BIGINT, user VARCHAR, amount DOUBLE) "
        f"WITH (kafka_topic='{name}', value_format='DELIMITED', partitions=2);"
    )
    assert created.status_code == 200, created.text
    rows = ["(1, 'Hans', 10.5)", "(2, 'Anna', 20.0)", "(3, 'Hans', 3.25)"]
    inserted = server.ksql("".join(f"INSERT INTO {name} (id, user, amount) VALUES {row};" for row in rows))
    assert (inserted.status_code, inserted.json()) == (200, [])
    return name


def rows_of(lines: Iterator[str]) -> list[list[object]]:
    """The rows of a delimited answer, in the order of their first column."""
    text = "".join(lines).splitlines()
    return sorted(json.loads(line) for line in text[1:])


@pytest.mark.parametrize("http2", [False, True])
def test_the_ksql_client_reads_a_push_query_to_its_limit(server: RunningServer, payments: str, http2: bool) -> None:
    client = KSQLAPI(server.url)
    query = f"SELECT id, user, amount FROM {payments} EMIT CHANGES LIMIT 3;"
    lines = client.query(query, stream_properties=EARLIEST, use_http2=http2)
    assert rows_of(lines) == [[1, "Hans", 10.5], [2, "Anna", 20.0], [3, "Hans", 3.25]]


def test_the_ksql_client_parses_rows_itself(server: RunningServer, payments: str) -> None:
    """It takes each piece of the answer for a row, which HTTP/1.1 keeps apart; HTTP/2 may join them."""
    query = f"SELECT id, user FROM {payments} EMIT CHANGES LIMIT 3;"
    rows = KSQLAPI(server.url).query(query, stream_properties=EARLIEST, parse=True)
    assert sorted(row["ID"] for row in rows) == [1, 2, 3]


def test_the_ksql_client_raises_what_the_server_refuses(server: RunningServer) -> None:
    with pytest.raises(KSQLError) as refusal:
        KSQLAPI(server.url).ksql("DESCRIBE nowhere;")
    assert refusal.value.error_code == 40001
    assert "Could not find STREAM/TABLE 'NOWHERE'" in refusal.value.msg


def test_the_ksql_client_inserts_rows_over_http2(server: RunningServer, payments: str) -> None:
    client = KSQLAPI(server.url)
    answers = client.inserts_stream(payments, [{"ID": 4, "USER": "Kai", "AMOUNT": 1.5}, {"NOPE": 1}])
    assert [(answer["status"], answer["seq"]) for answer in answers] == [("ok", 0), ("error", 1)]
    rows = rows_of(client.query(f"SELECT id, user, amount FROM {payments} EMIT CHANGES LIMIT 4;", "utf-8", EARLIEST))
    assert rows[-1] == [4, "Kai", 1.5]


def test_a_stream_in_avro_is_read_with_the_registered_schema(
    server: RunningServer, payments: str, names: Callable[[str], str]
) -> None:
    sink = names("avro")
    created = server.ksql(
        f"CREATE STREAM {sink} WITH (value_format='AVRO', kafka_topic='{sink}') AS "
        f"SELECT id, MASK_LEFT(user, 2) AS user, amount FROM {payments} WHERE amount > 5;",
        **EARLIEST,
    )
    assert created.status_code == 200, created.text
    registry = SchemaRegistryClient({"url": server.registry_url})
    deserialise = AvroDeserializer(registry)
    values = [
        deserialise(value, SerializationContext(sink, MessageField.VALUE))
        for value in consume(server.bootstrap_servers, sink, count=2)
    ]
    assert sorted(values, key=lambda value: value["ID"]) == [
        {"ID": 1, "USER": "Xxns", "AMOUNT": 10.5},
        {"ID": 2, "USER": "Xxna", "AMOUNT": 20.0},
    ]
    assert registry.get_latest_version(f"{sink}-value").schema.schema_type == "AVRO"


def consume(bootstrap_servers: str, topic: str, count: int) -> list[bytes]:
    """The first values of a topic."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "reader", "enable.auto.commit": False})
    partitions = consumer.list_topics(timeout=60).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    values: list[bytes] = []
    deadline = time.monotonic() + 60
    while len(values) < count:
        assert time.monotonic() < deadline, f"{len(values)} of {count} records"
        message = consumer.poll(1)
        if message is not None and message.error() is None:
            values.append(message.value())
    consumer.close()
    return values


def test_confluents_avro_serialiser_registers_and_reads_back(
    server: RunningServer, unique: Callable[[str], str]
) -> None:
    registry = SchemaRegistryClient({"url": server.registry_url})
    schema = '{"type":"record","name":"Payment","fields":[{"name":"id","type":"long"}]}'
    context = SerializationContext(unique("topic"), MessageField.VALUE)
    written = AvroSerializer(registry, schema)({"id": 7}, context)
    assert AvroDeserializer(registry)(written, context) == {"id": 7}


def test_a_stream_over_avro_takes_its_columns_from_the_registry(
    server: RunningServer, names: Callable[[str], str]
) -> None:
    name = names("inferred")
    registry = SchemaRegistryClient({"url": server.registry_url})
    schema = '{"type":"record","name":"Payment","fields":[{"name":"id","type":["null","long"],"default":null}]}'
    context = SerializationContext(name, MessageField.VALUE)
    AvroSerializer(registry, schema)({"id": 7}, context)
    created = server.ksql(f"CREATE STREAM {name} WITH (kafka_topic='{name}', value_format='AVRO', partitions=1);")
    assert created.status_code == 200, created.text
    fields = server.ksql(f"DESCRIBE {name};").json()[0]["sourceDescription"]["fields"]
    assert [(field["name"], field["schema"]["type"]) for field in fields] == [("ID", "BIGINT")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("protocol", ["--http1.1", "--http2-prior-knowledge", "--http2"])
def test_plain_curl_works_over_either_protocol(server: RunningServer, protocol: str) -> None:
    body = json.dumps({"ksql": "SHOW STREAMS;", "streamsProperties": {}})
    answer = subprocess.run(
        ["curl", "-s", protocol, f"{server.url}/ksql", "-d", body], capture_output=True, text=True, check=True
    )
    assert json.loads(answer.stdout)[0]["@type"] == "streams"


def test_a_table_is_looked_up_by_key_once_it_has_caught_up(
    server: RunningServer, payments: str, names: Callable[[str], str]
) -> None:
    table = names("per_user")
    created = server.ksql(
        f"CREATE TABLE {table} WITH (value_format='JSON') AS "
        f"SELECT user, COUNT(*) AS n, SUM(amount) AS total FROM {payments} GROUP BY user;",
        **EARLIEST,
    )
    assert created.status_code == 200, created.text
    query = f"SELECT * FROM {table} WHERE user = 'Hans';"
    assert eventually(server, query, [["Hans", 2, 13.75]])


def eventually(server: RunningServer, query: str, expected: list[list[object]]) -> bool:
    """Whether a pull query gives the rows within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = httpx.post(f"{server.url}/query-stream", json={"sql": query, "properties": {}}, timeout=60)
        if answer.status_code == 200 and [json.loads(line) for line in answer.text.splitlines()[1:]] == expected:
            return True
    return False


def test_a_query_ends_when_its_reader_goes_away(server: RunningServer, payments: str) -> None:
    body = {"sql": f"SELECT * FROM {payments} EMIT CHANGES;", "properties": EARLIEST}
    with httpx.stream("POST", f"{server.url}/query-stream", json=body, timeout=60) as answer:
        lines = answer.iter_lines()
        query_id = json.loads(next(lines))["queryId"]
        assert query_id in running_ids(server)
    deadline = time.monotonic() + 60
    while query_id in running_ids(server):
        assert time.monotonic() < deadline, "the query still runs"


def running_ids(server: RunningServer) -> set[str]:
    return {query["id"] for query in server.ksql("SHOW QUERIES;").json()[0]["queries"]}


def test_a_query_is_closed_by_its_id(server: RunningServer, payments: str) -> None:
    body = {"sql": f"SELECT * FROM {payments} EMIT CHANGES;", "properties": EARLIEST}
    with httpx.stream("POST", f"{server.url}/query-stream", json=body, timeout=60) as answer:
        lines = answer.iter_lines()
        query_id = json.loads(next(lines))["queryId"]
        assert KSQLAPI(server.url).close_query(query_id)
        list(lines)  # ends
    assert not KSQLAPI(server.url).close_query(query_id)
