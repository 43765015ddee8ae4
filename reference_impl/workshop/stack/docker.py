"""The stack in containers: ``docker-compose.yml`` brought up and down, then used as an external platform."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack import state
from workshop.stack.backend import Report, ServiceStatus
from workshop.stack.external import ExternalStack
from workshop.stack.state import StackState

CONNECTION = Connection(connect_url="http://127.0.0.1:8083")


class DockerStack:
    """The docker backend: the services of the compose file, on their usual ports on loopback."""

    name = "docker"

    def __init__(self, home: Path, compose_file: Path = Path("docker-compose.yml")) -> None:
        self._home = home
        self._file = compose_file
        self._platform = ExternalStack(home, CONNECTION)

    def up(self, report: Report) -> Connection:
        report("starting the containers (the first time, their images are pulled)")
        self._compose("up", "--detach", "--wait")
        self._platform.up(report)
        state.save(self._home, StackState(self.name, CONNECTION))
        return CONNECTION

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

    def _compose(self, *arguments: str) -> None:
        if not self._file.exists():
            raise StackError(f"{self._file} is not here.", hint="Run the command in the folder of the clone.")
        done = subprocess.run([*compose_command(), "--file", str(self._file), *arguments], check=False)
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
