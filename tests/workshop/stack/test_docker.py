"""The docker backend: where the services are, and what goes wrong without them. See also `tests/test_compose.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack.docker import DockerStack, published


def test_services_are_at_their_usual_ports() -> None:
    assert published({}) == Connection(connect_url="http://127.0.0.1:8083")


def test_a_service_is_where_the_environment_puts_it() -> None:
    moved = published({"WORKSHOP_PORT_KAFKA": "19092", "WORKSHOP_PORT_KSQL": "18088"})
    assert (moved.bootstrap_servers, moved.ksql_url) == ("127.0.0.1:19092", "http://127.0.0.1:18088")
    assert moved.registry_url == Connection().registry_url


def test_without_the_compose_file_the_folder_is_named_as_the_cause(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="is not here") as caught:
        DockerStack(tmp_path, tmp_path / "docker-compose.yml").up(lambda line: None)
    assert "folder of the clone" in str(caught.value.hint)


def test_what_compose_refuses_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text("services: 7\n")
    with pytest.raises(StackError):
        DockerStack(tmp_path, broken).down(lambda line: None)
