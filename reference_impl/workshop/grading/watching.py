"""A command run to its end: how long it took, how much memory its processes held, and what it made meanwhile."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOKS_EVERY = 0.1
_SAMPLES_EVERY = 1.0  # adding up the memory of many processes takes a while, which is the command's while as well
_MB = 2**20
_SAID = 1500


@dataclass(frozen=True)
class Watched:
    """How a command went. ``first`` is after how many seconds it had made something, ``memory_mb`` the most that it
    and its descendants held at a time, pages that several share counted once; ``said`` the end of its messages."""

    code: int
    seconds: float
    first: float | None
    memory_mb: int
    output: str
    said: str


def watched(
    command: Sequence[str], environment: Mapping[str, str], where: Path, made: Path, report: Callable[[int], None]
) -> Watched:
    """Run ``command`` in the folder ``where``; ``report`` is told how many entries the folder ``made`` has by now."""
    output, messages = where / "watched.out", where / "watched.err"
    first, most, known, sampled = None, 0, 0, 0.0
    began = time.monotonic()
    with output.open("wb") as out, messages.open("wb") as said:
        process = subprocess.Popen(command, cwd=where, env=environment, stdout=out, stderr=said)
        try:
            while process.poll() is None:
                now = time.monotonic()
                entries = sum(1 for one in made.iterdir() if one.suffix != ".tmp") if made.is_dir() else 0
                if entries > known:
                    first, known = first or now - began, entries
                    report(entries)
                if now > sampled + _SAMPLES_EVERY:
                    most, sampled = max(most, _held(process.pid)), now
                time.sleep(_LOOKS_EVERY)
            seconds = time.monotonic() - began
        finally:
            process.kill()  # Ctrl-C included; what has ended is past it
            process.wait()
    told = messages.read_text(encoding="utf-8", errors="replace")[-_SAID:]
    return Watched(process.returncode, seconds, first, most // _MB, output.read_text(encoding="utf-8"), told)


def _held(pid: int) -> int:
    """Bytes that the process and its descendants hold."""
    total = 0
    try:
        processes = [root := psutil.Process(pid), *root.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue  # it has ended, or is another user's
    return total
