"""What the embedded stack knows of a service: its ports, its command, how it looks when it is well."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

Ports = Mapping[str, int]
"""Port by role, for all services: ``kafka``, ``controller``, ``ksql``, ``registry``, ``connect``."""


class Service(Protocol):
    """One process of the embedded stack."""

    @property
    def name(self) -> str: ...

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in ``Ports`` that this service listens on."""
        ...

    def prepare(self, ports: Ports) -> list[str]:
        """Write configuration and data folders as needed; return the command that runs the service."""
        ...

    def is_healthy(self, ports: Ports) -> bool:
        """Whether the service answers its clients."""
        ...


def write_properties(path: Path, properties: Mapping[str, object]) -> Path:
    """Write a Java properties file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    return path
