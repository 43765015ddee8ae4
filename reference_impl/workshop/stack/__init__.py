"""The local streaming platform, behind one small interface with three implementations.

``backend``   the interface
``embedded``  Kafka, KSQL and Connect as processes on loopback: ``service`` (what a process needs to be one),
              ``kafka``, ``ksql``, ``connect``, ``java``, ``jars`` (fetched by ``jars.lock``), ``processes``, ``ports``
``external``  servers that somebody else runs
``docker``    the containers of ``docker-compose.yml``
``state``     what is up, on disk
"""

from __future__ import annotations

from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.errors import NoStackError
from workshop.stack import state
from workshop.stack.backend import Backend, ServiceStatus
from workshop.stack.docker import DockerStack
from workshop.stack.embedded import FREE_PORTS, USUAL_PORTS, EmbeddedStack
from workshop.stack.external import ExternalStack

__all__ = [
    "FREE_PORTS",
    "USUAL_PORTS",
    "Backend",
    "DockerStack",
    "EmbeddedStack",
    "ExternalStack",
    "ServiceStatus",
    "connection",
    "recorded_backend",
]


def recorded_backend(home: Path, cache: Path) -> Backend:
    """The backend that was last brought up.

    Raises:
        NoStackError: none was.
    """
    recorded = state.load(home)
    if recorded is None:
        raise NoStackError
    if recorded.backend == DockerStack.name:
        return DockerStack(home)
    if recorded.backend == ExternalStack.name:
        return ExternalStack(home, recorded.connection)
    return EmbeddedStack(home, cache)


def connection(home: Path) -> Connection:
    """The addresses of the stack that is up.

    Raises:
        NoStackError: none is.
    """
    recorded = state.load(home)
    if recorded is None:
        raise NoStackError
    return recorded.connection
