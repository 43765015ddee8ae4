"""The Kafka of a submission's own: made ready once, outside, so that in a sandbox it has only to start."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from pathlib import Path

from workshop import places
from workshop.stack import jars, ports, processes
from workshop.stack.java import Java
from workshop.stack.kafka import KafkaService

_OPEN_FILES = 1024
_PATIENCE = 120


def prepare() -> None:
    """Make what a sandbox can only read: the jars, archives of loaded classes, a data folder that is formatted.

    Seconds at first; from then on it only checks the jars. Raises ``WorkshopError``.
    """
    java = Java(jars.ensure(jars.locked_jars(), places.cache() / "jars"), _archives())
    if _formatted(java).exists() and java.is_quick(KafkaService.main):
        return
    with tempfile.TemporaryDirectory(prefix="workshop-kafka-") as folder:
        chosen = {"kafka": (port := ports.choose(0)), "controller": ports.choose(0, {port})}
        service = KafkaService(java, Path(folder))
        command = service.prepare(chosen)
        if not _formatted(java).exists():
            draft = Path(tempfile.mkdtemp(dir=_archives()))
            shutil.copytree(Path(folder, "log"), draft, dirs_exist_ok=True)
            draft.chmod(0o755)
            draft.replace(_formatted(java))
        # The first run leaves the archive behind, when it ends.
        log = Path(folder, "kafka.log")
        handle = processes.start(command, log)
        try:
            processes.wait_healthy(service.name, handle, lambda: service.is_healthy(chosen), log, _PATIENCE)
        finally:
            processes.stop(handle)


def run(port: int, data: Path) -> None:
    """Replace this process by a Kafka on ``port``, made ready by ``prepare``. It ends where this one would."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    jars_folder = places.cache() / "jars"
    java = Java([jars_folder / jar.filename for jar in jars.locked_jars()], _archives())
    shutil.copytree(_formatted(java), data / "log")
    command = KafkaService(java, data).prepare({"kafka": port, "controller": port + 1})
    os.execv(command[0], command)


def _archives() -> Path:
    return places.cache() / "archives"


def _formatted(java: Java) -> Path:
    """All have the same cluster id. None of them sees another."""
    return _archives() / f"formatted-{java.tag}"
