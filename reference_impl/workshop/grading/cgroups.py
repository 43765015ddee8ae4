"""Limits on memory and processes for a whole group of processes, where this user may set them."""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Group:
    """A control group, as one folder (version 2) or as one for each kind of limit (version 1)."""

    folders: tuple[Path, ...]

    def join(self) -> None:
        """Put this process, and all that it will start, into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0")

    def remove(self) -> None:
        """Remove the group once its processes have ended; one that lingers is left to the system."""
        for folder in self.folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.02)


def create(memory_mb: int, processes: int) -> Group | None:
    """A group with these limits, or None where this user may not make one."""
    name = f"workshop-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    memory = memory_mb * 2**20
    if (_ROOT / "cgroup.controllers").exists():
        limits = {"": [("memory.max", memory), ("memory.swap.max", 0), ("pids.max", processes)]}
    else:
        limits = {"memory": [("memory.limit_in_bytes", memory)], "pids": [("pids.max", processes)]}
    made: list[Path] = []
    try:
        for controller, settings in limits.items():
            folder = _ROOT / controller / name
            folder.mkdir()
            made.append(folder)
            for setting, value in settings:
                if (folder / setting).exists() or "swap" not in setting:
                    (folder / setting).write_text(str(value))
    except OSError:
        Group(tuple(made)).remove()
        return None
    return Group(tuple(made))
