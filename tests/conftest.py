"""Fixtures that all tests share: a running Kafka, unique names, the folder of large data files."""

from __future__ import annotations

import logging
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from fraud_pipeline.connection import Connection
from tests.platforms import with_ksql
from workshop import places
from workshop.stack import FREE_PORTS, EmbeddedStack

# Set before testcontainers is imported, which reads it then: the fixtures remove their containers themselves,
# so that no helper image has to be pulled.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

# How long a case takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# A shell starts what it runs in the background with Ctrl-C ignored; the programs under test should heed it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).resolve().parents[1]
DOCKER_REQUIRED = os.environ.get("WORKSHOP_REQUIRE_DOCKER") == "1"


@pytest.fixture(scope="session")
def workshop_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the stack writes, gone after the session; downloads stay in the user's cache."""
    return tmp_path_factory.mktemp("workshop")


@pytest.fixture(scope="session")
def kafka(workshop_home: Path) -> Iterator[Connection]:
    """A running Kafka: the embedded one, started once a session on a free port.

    With ``WORKSHOP_TEST_BOOTSTRAP=host:port`` a Kafka that runs already is used instead, which saves the
    start while a test is being written.
    """
    if bootstrap := os.environ.get("WORKSHOP_TEST_BOOTSTRAP"):
        yield Connection(bootstrap_servers=bootstrap)
        return
    stack = EmbeddedStack(workshop_home, places.cache(), ksql=False, preferred=FREE_PORTS)
    try:
        yield stack.up(logging.getLogger("stack").info)
    finally:
        stack.down(logging.getLogger("stack").info)


@pytest.fixture(scope="session")
def docker() -> None:
    """Docker with the Kafka image. Tests that need it carry the mark ``container``."""
    from tests.containers import why_unavailable

    if reason := why_unavailable():
        (pytest.fail if DOCKER_REQUIRED else pytest.skip)(reason)


@pytest.fixture(scope="session")
def kafka_container(docker: None) -> Iterator[Connection]:
    """Kafka in a container, as it would be on a server."""
    from tests.containers import ApacheKafkaContainer

    with ApacheKafkaContainer() as container:
        yield Connection(bootstrap_servers=container.bootstrap_servers)


@pytest.fixture(scope="session")
def platform(kafka: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """``kafka``, with the KSQL server and a Schema Registry."""
    with with_ksql(kafka, tmp_path_factory.mktemp("ksql")) as connection:
        yield connection


@pytest.fixture(scope="session")
def platform_container(kafka_container: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """``kafka_container``, with the KSQL server and a Schema Registry."""
    with with_ksql(kafka_container, tmp_path_factory.mktemp("ksql")) as connection:
        yield connection


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Names that no other test has: ``unique("payments")`` → ``payments-3f9c2a7be01d``."""
    return lambda name: f"{name}-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the repository, with data files too large to be in it."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}, which holds data that the repository does not carry")
    return folder


_LONG = "tests/solutions/"
"""Tests that take minutes each and share nothing: they begin first, and any worker takes the next of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


class ByFile(LoadFileScheduling):
    """Gives a worker the tests of one file, which share what is set up for them; of the long ones, a single test."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(_LONG) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return ByFile(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where Docker is required, a skipped container test fails the run: what did not run proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not DOCKER_REQUIRED or reporter is None:
        return
    reports = [report for report in reporter.stats.get("skipped", []) if isinstance(report, pytest.TestReport)]
    if skipped := [report.nodeid for report in reports if "container" in report.keywords]:
        reporter.write_line(f"\ncontainer tests were skipped: {', '.join(skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
