"""The Kafka of a submission's own: made ready once, outside, so that in a sandbox it has only to start."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import tempfile
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.stack import jars, ports, processes
from workshop.stack.java import Java
from workshop.stack.kafka import CLIENT, KafkaService
from workshop.stack.ports import HOST

_OPEN_FILES = 1024
_PATIENCE = 120
_CACHE = "kafka.aot"


def connection(port: int) -> Connection:
    """How to reach it."""
    return Connection(bootstrap_servers=f"{HOST}:{port}", client=CLIENT)


def prepare() -> None:
    """Make what a sandbox can only read: the jars, and a Kafka that has been used: its data, and Java's cache of it.

    Fifteen seconds at first; from then on it only checks the jars. Raises ``WorkshopError``.
    """
    jars.ensure(jars.locked_jars(), _jars())
    java = _java()
    used = _used(java)
    if used.exists():
        return
    with tempfile.TemporaryDirectory(prefix="workshop-kafka-") as folder:
        chosen = {"kafka": (port := ports.choose(0)), "controller": ports.choose(0, {port})}
        data, log = Path(folder, "kafka"), Path(folder, "kafka.out")
        KafkaService(java, data).prepare(chosen)  # formats the folder, of which there is nothing to record
        service = KafkaService(replace(java, cache=Path(folder, _CACHE), recording=True), data)
        handle = processes.start(service.prepare(chosen), log)
        try:
            processes.wait_healthy(service.name, handle, lambda: service.is_healthy(chosen), log, _PATIENCE)
            _use(connection(port))
        finally:
            processes.stop(handle, _PATIENCE)
        draft = Path(tempfile.mkdtemp(dir=_archives()))
        shutil.copytree(data / "log", draft / "log")
        with suppress(FileNotFoundError):  # without it, a Kafka starts a little slower
            shutil.copy(Path(folder, _CACHE), draft)
        draft.chmod(0o755)
        try:
            draft.rename(used)
        except OSError:
            shutil.rmtree(draft)
            if not used.exists():  # where it does, another has been quicker
                raise


def run(port: int, data: Path) -> None:
    """Replace this process by a Kafka on ``port``, made ready by ``prepare``."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    java = made_ready()
    shutil.copytree(_used(java) / "log", data / "log", copy_function=shutil.copyfile)
    command = KafkaService(java, data).prepare({"kafka": port, "controller": port + 1})
    os.execv(command[0], command)


def made_ready() -> Java:
    """The Java that ``prepare`` has made ready, with the cache that it has left behind, if it could."""
    java = _java()
    cache = _used(java) / _CACHE
    return replace(java, cache=cache) if cache.exists() else java


def _java() -> Java:
    """The Java of every submission's Kafka, without the cache."""
    return Java([_jars() / jar.filename for jar in jars.locked_jars()], _archives())


def _jars() -> Path:
    return places.cache() / "jars"


def _archives() -> Path:
    return places.cache() / "archives"


def _used(java: Java) -> Path:
    """The data, all with the same cluster id: none of these Kafkas sees another."""
    properties = KafkaService(java, Path("data")).properties({"kafka": 0, "controller": 0})
    made_for = f"{java.tag} {_CACHE} {sorted(properties.items())}"
    return _archives() / f"used-kafka-{hashlib.sha256(made_for.encode()).hexdigest()[:12]}"


@retry(retry=retry_if_exception_type(KafkaException), wait=wait_fixed(0.1), stop=stop_after_delay(30), reraise=True)
def _use(reached: Connection) -> None:
    """A first transaction and a first group: for them, Kafka makes topics of its own, which takes seconds."""
    Producer(reached.kafka(transactional_id="first")).init_transactions(30)
    with closing(Consumer(reached.kafka(group_id="first"))) as consumer:
        consumer.committed([TopicPartition("none", 0)], timeout=5)
