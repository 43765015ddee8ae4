"""The KSQL client: rows out of a stream of chunks, and errors that can be read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud_pipeline.connection import Connection
from fraud_pipeline.preprocess import KsqlUnreachableError, StatementRefusedError, execute, stream_rows
from fraud_pipeline.preprocess.client import KsqlError, lines_of

Unique = Callable[[str], str]


VALUES = st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.lists(VALUES)), st.data())
def test_rows_survive_any_cut_into_chunks_and_chunks_that_the_client_swallows(
    rows: list[list[object]], data: st.DataObject
) -> None:
    stream = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    for received in (chunks, [chunk for chunk in chunks if chunk != b"\n"]):
        assert [json.loads(line) for line in lines_of(received)] == rows


def test_a_row_whose_end_of_line_is_swallowed_is_given_before_more_comes() -> None:
    chunks = iter([b'[1,"]"', b"]", b"[2]\n"])
    assert next(lines_of(chunks)) == b'[1,"]"]'
    assert next(chunks) == b"[2]\n"


def test_refused_statement_carries_the_words_of_the_server_and_the_statement(ksql: Connection) -> None:
    with pytest.raises(StatementRefusedError, match="Did you mean 'CREATE'") as refused:
        execute(ksql, "CREAT STREAM x (id INT);")
    assert refused.value.statement == "CREAT STREAM x (id INT);"
    assert "CREAT STREAM x" in str(refused.value)


def test_refused_query_carries_the_words_of_the_server(ksql: Connection) -> None:
    with pytest.raises(StatementRefusedError, match="NO_SUCH_STREAM"):
        next(stream_rows(ksql, "SELECT * FROM no_such_stream EMIT CHANGES;"))


def test_rows_are_dictionaries_by_column_name(ksql: Connection, unique: Unique) -> None:
    stream = unique("s").replace("-", "_")
    execute(ksql, f"CREATE STREAM {stream} (id INT KEY, name VARCHAR) WITH (KAFKA_TOPIC='{stream}', "
                  "VALUE_FORMAT='JSON', PARTITIONS=1);")  # fmt: skip
    names = ["Jürg", "李", "a,b\nc"]
    for number, name in enumerate(names):
        execute(ksql, f"INSERT INTO {stream} (id, name) VALUES ({number}, '{name}');")
    rows = list(stream_rows(ksql, f"SELECT * FROM {stream} EMIT CHANGES LIMIT 3;"))
    assert rows == [{"ID": number, "NAME": name} for number, name in enumerate(names)]


def test_push_query_ends_when_its_reader_leaves(ksql: Connection, unique: Unique) -> None:
    stream = unique("s").replace("-", "_")
    execute(ksql, f"CREATE STREAM {stream} (id INT KEY, x INT) WITH (KAFKA_TOPIC='{stream}', "
                  "VALUE_FORMAT='JSON', PARTITIONS=1);")  # fmt: skip
    execute(ksql, f"INSERT INTO {stream} (id, x) VALUES (1, 2);")
    rows = stream_rows(ksql, f"SELECT * FROM {stream} EMIT CHANGES;")
    assert list(islice(rows, 1)) == [{"ID": 1, "X": 2}]
    rows.close()
    assert list(rows) == []


def test_server_that_is_not_there_is_told() -> None:
    nowhere = Connection(ksql_url="http://127.0.0.1:1")
    with pytest.raises(KsqlUnreachableError, match=r"127\.0\.0\.1:1"):
        execute(nowhere, "SHOW STREAMS;")
    with pytest.raises(KsqlUnreachableError, match=r"127\.0\.0\.1:1"):
        next(stream_rows(nowhere, "SELECT * FROM s EMIT CHANGES;"))


@pytest.fixture
def another_server() -> Iterator[Connection]:
    """A web server that is no KSQL server; for queries it breaks off with an error in the stream, as ksqlDB may."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            if self.path == "/query":
                self.wfile.write(b'{"queryId":"1","columnNames":["A"],"columnTypes":["INTEGER"]}\n[1]\n')
                self.wfile.write(json.dumps({"@type": "generic_error", "message": "it broke"}).encode() + b"\n")
            else:
                self.wfile.write(b"<html>It works!</html>")

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Connection(ksql_url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_server_that_is_no_ksql_server_is_told(another_server: Connection) -> None:
    with pytest.raises(KsqlError, match="not as a KSQL server"):
        execute(another_server, "SHOW STREAMS;")


def test_error_in_the_middle_of_the_rows_is_raised(another_server: Connection) -> None:
    rows = stream_rows(another_server, "SELECT a FROM s EMIT CHANGES;")
    assert next(rows) == {"A": 1}
    with pytest.raises(StatementRefusedError, match="it broke"):
        next(rows)
