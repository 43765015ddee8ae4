"""The KSQL server of the embedded stack: ``pocket_ksql``, with its Schema Registry."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from workshop.stack.http import answers
from workshop.stack.ports import HOST
from workshop.stack.service import Ports


@dataclass(frozen=True)
class KsqlService:
    """The server; statements, schemas and state live in topics, so they survive a restart."""

    udfs: tuple[str, ...] = ()
    """Python files and modules with functions that queries may call."""
    connect: bool = False
    """Whether there is a Connect worker, to which statements about connectors go."""
    name: str = "ksql"
    roles: tuple[str, ...] = ("ksql", "registry")

    def prepare(self, ports: Ports) -> list[str]:
        return [
            *(sys.executable, "-m", "pocket_ksql.cli", "server"),
            *("--bootstrap-servers", f"{HOST}:{ports['kafka']}"),
            *("--host", HOST, "--port", str(ports["ksql"]), "--registry-port", str(ports["registry"])),
            *(("--connect-url", f"http://{HOST}:{ports['connect']}") if self.connect else ()),
            *(part for udf in self.udfs for part in ("--udf", udf)),
        ]

    def is_healthy(self, ports: Ports) -> bool:
        return answers(f"http://{HOST}:{ports['ksql']}/info") and answers(f"http://{HOST}:{ports['registry']}/subjects")
