"""The Compose file: pinned, closed to the network, healthy; and its Kafka and Connect move a file's lines."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from confluent_kafka import Consumer
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import ensure_topics
from tests.containers import IMAGE
from workshop.errors import StackError
from workshop.stack.docker import compose_command
from workshop.stack.ports import choose

REPOSITORY = Path(__file__).resolve().parents[1]
COMPOSE_FILE = REPOSITORY / "docker-compose.yml"

each_service = pytest.mark.parametrize("name", ["kafka", "schema-registry", "ksqldb", "connect"])


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    parsed: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    return parsed


def test_the_whole_platform_is_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"kafka", "schema-registry", "ksqldb", "connect"}


@each_service
def test_image_is_pinned_to_a_release(services: dict[str, dict[str, Any]], name: str) -> None:
    assert re.search(r":\d+\.\d+\.\d+}?$", services[name]["image"])


@each_service
def test_ports_are_open_to_this_machine_alone(services: dict[str, dict[str, Any]], name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services[name]["ports"])


@each_service
def test_health_is_checked(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


@each_service
def test_start_waits_for_the_health_of_what_it_needs(services: dict[str, dict[str, Any]], name: str) -> None:
    needs = services[name].get("depends_on", {})
    assert ("kafka" in needs) == (name != "kafka")
    assert all(condition == {"condition": "service_healthy"} for condition in needs.values())


@pytest.fixture(scope="module")
def compose() -> list[str]:
    try:
        return [*compose_command(), "--file", str(COMPOSE_FILE)]
    except StackError as error:
        pytest.skip(str(error))


def test_compose_accepts_the_file(compose: list[str]) -> None:
    done = subprocess.run([*compose, "config", "--quiet"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def platform(compose: list[str], docker: None) -> Iterator[Connection]:
    """Kafka and Connect of the Compose file, on free ports, in a project of their own."""
    kafka = choose(0)
    connect = choose(0, taken=[kafka])
    settings = {
        "COMPOSE_PROJECT_NAME": f"workshop-test-{os.getpid()}",
        "WORKSHOP_KAFKA_IMAGE": IMAGE,
        "WORKSHOP_PORT_KAFKA": str(kafka),
        "WORKSHOP_PORT_CONNECT": str(connect),
        "PWD": str(REPOSITORY),
    }
    environment = os.environ | settings
    try:
        subprocess.run([*compose, "up", "--detach", "kafka", "connect"], env=environment, check=True)
        yield Connection(f"127.0.0.1:{kafka}", connect_url=f"http://127.0.0.1:{connect}")
    finally:
        subprocess.run([*compose, "down", "--volumes"], env=environment, check=True)


@retry(retry=retry_if_exception_type(httpx.HTTPError), wait=wait_fixed(0.5), stop=stop_after_delay(120), reraise=True)
def start_connector(platform: Connection, name: str, config: dict[str, str]) -> None:
    """Start a connector as soon as the worker takes it."""
    request = {"name": name, "config": config}
    httpx.post(f"{platform.connect_url}/connectors", json=request, trust_env=False).raise_for_status()


@pytest.mark.container
@pytest.mark.slow
def test_its_file_source_brings_the_lines_of_a_file_to_a_topic(
    platform: Connection, unique: Callable[[str], str]
) -> None:
    topic, file = unique("lines"), REPOSITORY / "LICENSE"
    lines = file.read_bytes().splitlines()
    ensure_topics(platform, {topic: 1})
    start_connector(platform, topic, {"connector.class": "FileStreamSource", "file": str(file), "topic": topic})

    consumer = Consumer(platform.kafka(group_id=topic, auto_offset_reset="earliest"))
    try:
        consumer.subscribe([topic])
        assert [message.value() for message in consumer.consume(len(lines), timeout=60)] == lines
    finally:
        consumer.close()
