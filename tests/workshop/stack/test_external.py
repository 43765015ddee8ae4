"""The external backend: looks at servers that somebody else runs, and leaves them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack.external import ExternalStack
from workshop.stack.ports import HOST, choose


def ignore(line: str) -> None:
    """A report that nobody reads."""


@pytest.fixture
def nowhere() -> str:
    """An address at which nothing listens."""
    return f"{HOST}:{choose(0)}"


def test_each_service_is_looked_at_by_itself(kafka: Connection, nowhere: str, tmp_path: Path) -> None:
    connection = Connection(kafka.bootstrap_servers, ksql_url=f"http://{nowhere}", registry_url=f"http://{nowhere}")
    healthy = {service.name: service.healthy for service in ExternalStack(tmp_path, connection).status()}
    assert healthy == {"kafka": True, "ksql": False, "registry": False}


def test_connect_is_looked_at_only_where_it_is_named(kafka: Connection, nowhere: str, tmp_path: Path) -> None:
    connection = Connection(kafka.bootstrap_servers, connect_url=f"http://{nowhere}")
    assert [service.name for service in ExternalStack(tmp_path, connection).status()][-1] == "connect"


def test_up_names_the_server_that_does_not_answer(kafka: Connection, nowhere: str, tmp_path: Path) -> None:
    connection = Connection(kafka.bootstrap_servers, ksql_url=f"http://{nowhere}")
    with pytest.raises(StackError, match=f"ksql does not answer at http://{nowhere}"):
        ExternalStack(tmp_path, connection).up(ignore)


def test_its_data_is_not_ours_to_delete(kafka: Connection, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="not ours to delete"):
        ExternalStack(tmp_path, kafka).reset(ignore)
