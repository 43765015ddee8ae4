"""A stack with KSQL for these tests alone: the statements name their topics, so nobody else may use them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.stack import FREE_PORTS, EmbeddedStack

log = logging.getLogger("stack")


@pytest.fixture(scope="package")
def ksql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A running Kafka and a running KSQL server, with nothing on them yet."""
    stack = EmbeddedStack(tmp_path_factory.mktemp("ksql"), places.cache(), ksql=True, preferred=FREE_PORTS)
    try:
        yield stack.up(log.info)
    finally:
        stack.down(log.info)
