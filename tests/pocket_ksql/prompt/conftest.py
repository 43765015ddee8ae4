"""A live server with a stream, a table and some rows for the prompt."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from fraud_pipeline.connection import Connection
from tests.pocket_ksql.server.conftest import RunningServer, running_server


@pytest.fixture(scope="package")
def server(kafka: Connection) -> Iterator[RunningServer]:
    name = uuid.uuid4().hex[:8]
    with running_server(kafka.bootstrap_servers, f"prompt_{name}_") as running:
        answer = running.ksql(
            "CREATE STREAM payments (id STRING KEY, customer STRING, amount DOUBLE, notes ARRAY<STRING>) "
            f"WITH (kafka_topic='payments_{name}', value_format='JSON', partitions=1);"
            "INSERT INTO payments VALUES ('p1', 'ann', 1.5, ARRAY['a', 'b']);"
            "INSERT INTO payments VALUES ('p2', NULL, 20.25, NULL);"
        )
        assert answer.status_code == 200, answer.text
        yield running
