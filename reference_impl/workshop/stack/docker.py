"""The stack in containers: ``docker-compose.yml`` brought up and down, then used as an external platform."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack import state
from workshop.stack.backend import Report, ServiceStatus
from workshop.stack.external import ExternalStack
from workshop.stack.ports import HOST
from workshop.stack.processes import comes_true
from workshop.stack.state import StackState

_PATIENCE = 180
"""Seconds that the containers may take to become healthy, once their images are here."""


def published(environ: Mapping[str, str] = os.environ) -> Connection:
    """Where the compose file publishes the services: the usual ports, but for ``WORKSHOP_PORT_*``."""

    def address(service: str, usual: int) -> str:
        return f"{HOST}:{environ.get(f'WORKSHOP_PORT_{service}') or usual}"

    return Connection(
        bootstrap_servers=address("KAFKA", 9092),
        ksql_url=f"http://{address('KSQL', 8088)}",
        registry_url=f"http://{address('REGISTRY', 8081)}",
        connect_url=f"http://{address('CONNECT', 8083)}",
    )


class DockerStack:
    """The docker backend: the services of the compose file, on loopback."""

    name = "docker"

    def __init__(self, home: Path, compose_file: Path = Path("docker-compose.yml")) -> None:
        self._home = home
        self._file = compose_file
        self._connection = published()
        self._platform = ExternalStack(home, self._connection)

    def up(self, report: Report) -> Connection:
        report("starting the containers (the first time, their images are pulled)")
        self._compose("up", "--detach")
        report("waiting until they are healthy")
        self._wait_healthy()
        self._platform.up(report)
        state.save(self._home, StackState(self.name, self._connection))
        return self._connection

    def down(self, report: Report) -> None:
        report("stopping the containers")
        self._compose("down")
        state.forget(self._home)

    def reset(self, report: Report) -> None:
        report("stopping the containers and deleting their volumes")
        self._compose("down", "--volumes")
        state.forget(self._home)

    def status(self) -> list[ServiceStatus]:
        return self._platform.status()

    def _wait_healthy(self) -> None:
        """Wait here, as older Compose has no ``up --wait``. What is not healthy in time, ``ExternalStack.up`` names."""
        comes_true(lambda: all(service.healthy for service in self.status()), _PATIENCE)

    def _compose(self, *arguments: str) -> None:
        if not self._file.exists():
            raise StackError(f"{self._file} is not here.", hint="Run the command in the folder of the clone.")
        # The file mounts the clone at the path that it has here, which it takes from PWD.
        environment = os.environ | {"PWD": str(self._file.absolute().parent)}
        command = [*compose_command(), "--file", str(self._file), *arguments]
        done = subprocess.run(command, env=environment, check=False)
        if done.returncode != 0:
            raise StackError(
                f"docker compose {arguments[0]} failed with exit code {done.returncode}; its own words are above.",
                hint="`workshop doctor` says whether Docker runs; the embedded backend needs none.",
            )


def compose_command() -> list[str]:
    """Compose as Docker's plugin, or the stand-alone program of older systems."""
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    ):
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    raise StackError(
        "Neither `docker compose` nor `docker-compose` is installed.",
        hint="Install Docker with Compose, or use the embedded backend: workshop up",
    )
