"""Kafka's jars: fetched once by their coordinates, checked against the lock, kept in the cache."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from workshop.errors import WorkshopError

if TYPE_CHECKING:
    from jgo.maven import MavenContext

_THREADS = 8

Progress = Callable[[int, int], None]
"""Called with the number of jars done and the number of all."""


class JarError(WorkshopError):
    """A jar could not be fetched, or is not the one that the lock names."""


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    def is_intact(self, directory: Path) -> bool:
        """Whether ``directory`` holds this jar, to the last bit."""
        path = directory / self.filename
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


def locked_jars() -> tuple[Jar, ...]:
    """The jars of the committed lock."""
    return parse_lock(files(__package__).joinpath("jars.lock").read_text())


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Read lines ``group:artifact:version sha256=…``; ``#`` starts a comment line."""
    jars = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            coordinates, _, digest = line.partition(" sha256=")
            group, artifact, version = coordinates.split(":")
            jars.append(Jar(group, artifact, version, digest))
    return tuple(jars)


def damaged(jars: Iterable[Jar], directory: Path) -> list[Jar]:
    """The jars that are missing from ``directory`` or differ from the lock."""
    with ThreadPoolExecutor(_THREADS) as pool:
        jars = tuple(jars)
        intact = pool.map(lambda jar: jar.is_intact(directory), jars)
        return [jar for jar, is_intact in zip(jars, intact, strict=True) if not is_intact]


def ensure(jars: Sequence[Jar], directory: Path, on_progress: Progress = lambda done, total: None) -> list[Path]:
    """Make ``directory`` hold every jar, fetching what is missing or damaged; return their paths in lock order.

    Safe to interrupt and to run twice at once: a jar appears under its name only when it is whole and checked.

    Raises:
        JarError: a jar cannot be fetched, or what was fetched is not what the lock names.
    """
    directory.mkdir(parents=True, exist_ok=True)
    missing = damaged(jars, directory)
    done = len(jars) - len(missing)
    on_progress(done, len(jars))
    if missing:
        _fetch_all(missing, directory, lambda fetched: on_progress(done + fetched, len(jars)))
    return [directory / jar.filename for jar in jars]


def _fetch_all(jars: Sequence[Jar], directory: Path, on_fetched: Callable[[int], None]) -> None:
    from jgo.maven import MavenContext  # takes half a second to import, and is hardly ever needed

    with (
        tempfile.TemporaryDirectory(dir=directory, prefix=".fetching-") as scratch,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        context = MavenContext(repo_cache=Path(scratch), timeout=30)
        fetches = [pool.submit(_fetch, jar, context, directory) for jar in jars]
        for fetched, future in enumerate(as_completed(fetches), start=1):
            future.result()
            on_fetched(fetched)


@retry(
    retry=retry_if_exception_type(JarError),
    stop=stop_after_attempt(4),
    wait=wait_exponential(max=8),
    reraise=True,
)
def _fetch(jar: Jar, context: MavenContext, directory: Path) -> None:
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    try:
        fetched = artifact.resolve()
    except (OSError, RuntimeError) as error:
        _discard(artifact.cached_path)
        raise JarError(
            f"Could not fetch {jar.filename}: {error}",
            hint="Check the network and run the command again; what was already fetched is kept.",
        ) from error
    if hashlib.sha256(fetched.read_bytes()).hexdigest() != jar.sha256:
        _discard(fetched)
        raise JarError(
            f"{jar.filename} is not the file that the lock names (its SHA-256 differs).",
            hint="A proxy may have altered the download. Run the command again from another network.",
        )
    os.replace(fetched, directory / jar.filename)


def _discard(path: Path | None) -> None:
    """Remove a partial download, which would otherwise pass for a cached one."""
    if path is not None:
        path.unlink(missing_ok=True)
