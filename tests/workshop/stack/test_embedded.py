"""The embedded stack: brought up twice, killed, brought up on the same data, taken down."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.monitor.lag import consumer_lag
from workshop import places
from workshop.errors import NoStackError, StackError
from workshop.stack import FREE_PORTS, EmbeddedStack, connection, ports, processes, recorded_backend, state
from workshop.stack.embedded import USUAL_PORTS
from workshop.stack.processes import Handle

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def stack(home: Path) -> Iterator[EmbeddedStack]:
    embedded = EmbeddedStack(home, places.cache(), ksql=False, preferred=FREE_PORTS)
    try:
        yield embedded
    finally:
        embedded.reset(lambda line: None)


def broker(home: Path) -> Handle:
    recorded = state.load(home)
    assert recorded is not None
    return recorded.services["kafka"]


def produce(connection: Connection, topic: str, value: bytes) -> None:
    producer = Producer(connection.kafka(acks="all"))
    producer.produce(topic, value)
    assert producer.flush(60) == 0


def values(connection: Connection, topic: str, count: int) -> list[bytes | None]:
    consumer = Consumer(connection.kafka(group_id="look", enable_auto_commit=False))
    consumer.assign([TopicPartition(topic, 0, 0)])
    try:
        return [message.value() for message in consumer.consume(count, timeout=120)]
    finally:
        consumer.close()


def test_up_is_safe_to_repeat_and_listens_on_loopback_only(stack: EmbeddedStack, home: Path) -> None:
    lines: list[str] = []
    first = stack.up(lines.append)
    assert [consumer_lag(first, f"group {number}") for number in range(10)] == [[]] * 10  # groups can be asked about
    running = broker(home)
    assert stack.up(lines.append) == first == connection(home)
    assert broker(home) == running
    assert "kafka is up already" in lines[-1]
    process = running.process()
    assert process is not None
    sockets = [c.laddr for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {address.ip.removeprefix("::ffff:") for address in sockets} == {ports.HOST}


def test_ksql_is_started_again_for_functions_that_it_does_not_know(home: Path, tmp_path: Path) -> None:
    functions = tmp_path / "mine.py"
    functions.write_text("__all__ = ['half']\n\n\ndef half(value: float) -> float:\n    return value / 2\n")

    def up(*udfs: str) -> tuple[list[str], Handle]:
        lines: list[str] = []
        there = EmbeddedStack(home, places.cache(), udfs=udfs, preferred=FREE_PORTS).up(lines.append)
        described = httpx.post(f"{there.ksql_url}/ksql", json={"ksql": "DESCRIBE FUNCTION HALF;"})
        assert (described.status_code == 200) is bool(udfs)
        recorded = state.load(home)
        assert recorded is not None
        return lines, recorded.services["ksql"]

    _, without = up()
    lines, with_it = up(str(functions))
    assert with_it != without
    assert "ksql is up without these functions; starting it again" in lines
    assert up(str(functions))[1] == with_it
    processes.stop(with_it)


def test_after_a_kill_up_starts_again_on_the_same_data_and_port(stack: EmbeddedStack, home: Path) -> None:
    first = stack.up(lambda line: None)
    ensure_topics(first, {"kept": 1})
    produce(first, "kept", b"before")
    killed = psutil.Process(broker(home).pid)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=60)  # only then is its port free again
    second = stack.up(lambda line: None)
    assert second == first
    produce(second, "kept", b"after")
    assert values(second, "kept", 2) == [b"before", b"after"]


def test_status_tells_a_dead_service_from_a_live_one(stack: EmbeddedStack, home: Path) -> None:
    stack.up(lambda line: None)
    (alive,) = recorded_backend(home, places.cache()).status()
    assert alive.healthy
    assert alive.memory_mb
    processes.stop(broker(home))
    (dead,) = recorded_backend(home, places.cache()).status()
    assert not dead.healthy
    assert dead.pid is None


def test_a_taken_port_is_told_and_another_is_used(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        taken = server.getsockname()[1]
        stack = EmbeddedStack(tmp_path, places.cache(), ksql=False, preferred={**FREE_PORTS, "kafka": taken})
        lines: list[str] = []
        try:
            reached = stack.up(lines.append)
            assert reached.bootstrap_servers != f"{ports.HOST}:{taken}"
            assert any(f"port {taken} is taken" in line for line in lines)
        finally:
            stack.reset(lines.append)


def test_a_port_that_is_taken_at_the_last_moment_costs_a_second_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        taken = server.getsockname()[1]
        chosen = iter([taken])
        choose = ports.choose
        monkeypatch.setattr(ports, "choose", lambda *given: next(chosen, None) or choose(*given))
        stack = EmbeddedStack(tmp_path, places.cache(), ksql=False, preferred=FREE_PORTS)
        lines: list[str] = []
        try:
            reached = stack.up(lines.append)
            assert f"starting kafka on port {taken}" in lines
            assert any(f"port {taken} is taken" in line for line in lines)
            assert reached.bootstrap_servers != f"{ports.HOST}:{taken}"
        finally:
            stack.reset(lines.append)


def test_two_stacks_that_start_at_once_choose_different_ports(tmp_path: Path) -> None:
    usual = dict.fromkeys(USUAL_PORTS, ports.choose(0))
    stacks = [EmbeddedStack(tmp_path / name, places.cache(), ksql=False, preferred=usual) for name in ("one", "two")]
    try:
        with ThreadPoolExecutor() as threads:
            addresses = [up.bootstrap_servers for up in threads.map(lambda one: one.up(lambda line: None), stacks)]
        assert addresses[0] != addresses[1]
    finally:
        for one in stacks:
            one.down(lambda line: None)


def test_a_clean_stop_leaves_an_archive_of_classes_for_quicker_starts(stack: EmbeddedStack) -> None:
    stack.up(lambda line: None)
    stack.down(lambda line: None)
    assert list((places.cache() / "archives").glob("Kafka-*.jsa"))


def test_reset_deletes_the_data_and_leaves_no_stack_behind(stack: EmbeddedStack, home: Path) -> None:
    stack.up(lambda line: None)
    stack.reset(lambda line: None)
    assert not (home / "data").exists()
    with pytest.raises(NoStackError):
        connection(home)


def test_data_that_kafka_cannot_use_is_an_error_with_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "data" / "kafka" / "log").mkdir(parents=True)
    (tmp_path / "data" / "kafka" / "log" / "meta.properties").write_text("version=99\n")
    stack = EmbeddedStack(tmp_path, places.cache(), ksql=False, preferred=FREE_PORTS)
    with pytest.raises(StackError, match=r"(?s)kafka ended while starting.*meta\.properties") as caught:
        stack.up(lambda line: None)
    assert "kafka.log" in caught.value.hint
    assert state.load(tmp_path) is None


def test_the_usual_ports_cover_every_role() -> None:
    assert USUAL_PORTS.keys() == FREE_PORTS.keys()
