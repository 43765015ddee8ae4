"""The command as its users run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection

Workshop = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Runs ``workshop`` with the given arguments; its data folder starts empty."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "WORKSHOP_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-c", "from workshop.cli.main import main; main()", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)

    return run


@pytest.fixture
def attached(workshop: Workshop, platform: Connection) -> Workshop:
    """The same, attached to a platform that runs already."""
    done = workshop("up", *external(platform), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["backend"] == "external"
    return workshop


def external(platform: Connection) -> list[str]:
    addresses = ("--bootstrap-servers", platform.bootstrap_servers, "--ksql-url", platform.ksql_url)
    return ["--backend", "external", *addresses, "--registry-url", platform.registry_url]
