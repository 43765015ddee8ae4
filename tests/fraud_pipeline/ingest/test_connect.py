"""Kafka Connect's file source: the lines of a file on a topic, and clear errors where it does not run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import consume
from fraud_pipeline.ingest.connect import ConnectError, delete_connector, start_file_source
from fraud_pipeline.transactions import SyntheticSource
from fraud_pipeline.transactions.files import write_payments
from tests.fraud_pipeline.transactions.rows import everything
from workshop import places
from workshop.stack import FREE_PORTS, EmbeddedStack

Unique = Callable[[str], str]
log = logging.getLogger("stack")


@pytest.fixture(scope="module")
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A running Kafka with a real Connect worker."""
    home = tmp_path_factory.mktemp("connect")
    stack = EmbeddedStack(home, places.cache(), connect=True, ksql=False, preferred=FREE_PORTS)
    try:
        yield stack.up(log.info)
    finally:
        stack.down(log.info)


def test_file_source_sends_every_line_and_follows_the_file(connect: Connection, unique: Unique, tmp_path: Path) -> None:
    topic, name, file = unique("payments"), unique("connector"), tmp_path / "payments.txt"
    source = SyntheticSource(seed=8)
    assert write_payments(source, file, 500, header=False) == 500
    start_file_source(connect, name, file, topic)
    payments = consume(connect, topic, unique("group"))
    found = list(islice(payments, 500))
    expected, _, _ = everything(source.blocks(500))
    assert sorted(found, key=lambda payment: payment["Id"]) == expected

    with file.open("ab") as more:
        more.write(next(SyntheticSource(seed=9).blocks(1)).values[0] + b"\n")
    assert next(payments) == everything(SyntheticSource(seed=9).blocks(1))[0][0]
    payments.close()
    delete_connector(connect, name)


def test_starting_twice_changes_nothing(connect: Connection, unique: Unique, tmp_path: Path) -> None:
    topic, name, file = unique("payments"), unique("connector"), tmp_path / "payments.txt"
    write_payments(SyntheticSource(), file, 10, header=False)
    for _ in range(2):
        start_file_source(connect, name, file, topic)
    assert len(list(islice(consume(connect, topic, unique("group")), 10))) == 10
    delete_connector(connect, name)


def test_connector_that_is_not_there_is_told(connect: Connection, unique: Unique) -> None:
    name = unique("connector")
    with pytest.raises(ConnectError, match=name):
        delete_connector(connect, name)


def test_configuration_that_connect_refuses_is_told(connect: Connection, unique: Unique, tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match="refuses"):
        start_file_source(connect, "", tmp_path / "payments.txt", unique("payments"))


def test_worker_that_is_not_there_is_told(connect: Connection, unique: Unique, tmp_path: Path) -> None:
    nowhere = replace(connect, connect_url="http://127.0.0.1:1")
    with pytest.raises(ConnectError, match="does not answer"):
        start_file_source(nowhere, "any", tmp_path / "payments.txt", unique("payments"))
    with pytest.raises(ConnectError, match="--connect"):
        delete_connector(replace(connect, connect_url=None), "any")
