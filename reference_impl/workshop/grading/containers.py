"""Docker as the sandbox: a container for the checker of a submission, one for each of the processes it starts.

All of them are locked up alike: loopback only, which those of one submission share; not root, no capability; nothing
that can be written to but ``/tmp``, in memory; limits on memory, processes and time. The image holds nothing: what a
process may see of this machine is mounted read-only, as in a sandbox of namespaces.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workshop import places
from workshop.errors import WorkshopError
from workshop.grading import sandbox
from workshop.grading.channel import ChannelError, Message, receive, send
from workshop.grading.zygote import ENVIRONMENT

if TYPE_CHECKING:
    from workshop.grading.job import Job

_IMAGE = "workshop-sandbox"
_LABEL = "workshop-grading"
_FOLDERS = ("dev", "etc", "proc", "sys", "tmp")
_CPUS = 1


def why_unavailable() -> str | None:
    """Why containers cannot be used on this machine, or None where they can."""
    if not sys.platform.startswith("linux"):
        return "containers see this machine's Python on Linux only"
    if shutil.which("docker") is None:
        return "there is no command docker"
    asked = subprocess.run(["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, check=False)
    return None if asked.returncode == 0 else f"docker: {asked.stderr.decode(errors='replace').strip()[-200:]}"


class Containers:
    """Has submissions graded, as a ``Zygote`` does: from several threads, each submission in containers of its own."""

    def __enter__(self) -> Containers:
        self._names: set[str] = set()
        self._stopped = False
        self._run_id = secrets.token_hex(6)
        _import_image()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def prepare(self, tensorflow: bool) -> None:
        """Nothing can be: each container imports what it needs."""

    def wait(self) -> None:
        """Nothing is to be waited for: each container starts from nothing."""

    def stop(self) -> None:
        """End all containers of this run."""
        self._stopped = True
        _remove(list(self._names))

    def grade(self, job: Job, patience: float) -> dict[str, Any]:
        """The result of :func:`workshop.grading.group.grade`, or ``{"cells": [], "error": …}`` where none came."""
        group = f"{_LABEL}-{self._run_id}-{secrets.token_hex(6)}"
        names = [f"{group}-checker"]
        self._names.update(names)
        deadline = time.monotonic() + patience
        command = ["docker", "run", "--interactive", *_options(names[0], "none", job, patience), "checker"]
        ours, theirs = socket.socketpair()
        with ours, tempfile.TemporaryFile() as said:
            with theirs:
                end = theirs.fileno()
                # A session of its own: Ctrl-C is for the command, which ends this in its own time.
                process = subprocess.Popen(command, stdin=end, stdout=end, stderr=said, start_new_session=True)
            try:
                send(ours, Message(asdict(job)), patience)
                while not self._stopped:
                    body = receive(ours, deadline - time.monotonic()).body
                    if "cells" in body:
                        return dict(body)
                    send(ours, Message(self._obey(body, group, names, job, deadline)), patience)
                return {"cells": [], "error": "grading was stopped"}
            except ChannelError as error:
                _remove(names)
                process.wait()
                said.seek(0)
                dockers = [line for line in said.read().decode(errors="replace").splitlines() if "docker: " in line]
                return {"cells": [], "error": " ".join([f"grading this submission ended early: {error}", *dockers])}
            finally:
                _remove(names)
                process.wait()
                self._names.difference_update(names)

    def _obey(self, order: dict[str, Any], group: str, names: list[str], job: Job, deadline: float) -> dict[str, Any]:
        """What the checker asks for: start a container beside it, or end one."""
        if "end" in order:
            if order["end"] in names[1:]:
                _remove([order["end"]])
            return {}
        name = f"{group}-{len(names)}"
        names.append(name)
        self._names.add(name)
        settings = [f"{key}={value}" for key, value in order["environment"].items()]
        options = _options(name, f"container:{names[0]}", job, deadline - time.monotonic(), settings)
        started = subprocess.run(
            ["docker", "run", "--detach", *options, order["start"]], capture_output=True, check=False
        )
        said = started.stderr.decode(errors="replace")[-500:]
        return {"name": name} if started.returncode == 0 else {"error": said}


def _options(name: str, network: str, job: Job, seconds: float, environment: Sequence[str] = ()) -> list[str]:
    """Everything of ``docker run`` between the command and what is run."""
    limits = job.limits
    memory = f"{limits.memory_mb}m"
    in_memory = f"rw,nosuid,nodev,exec,size={limits.disk_mb}m,nr_inodes=20000"
    settings = [f"{key}={value}" for key, value in ENVIRONMENT.items()]
    options = [
        *("--rm", "--name", name, "--label", _LABEL, "--network", network, "--log-driver", "none"),
        *("--read-only", "--tmpfs", f"/tmp:{in_memory}", "--workdir", "/tmp", "--shm-size", f"{limits.disk_mb}m"),
        *("--user", f"{sandbox.NOBODY}:{sandbox.NOBODY}", "--cap-drop", "ALL"),
        *("--security-opt", "no-new-privileges", "--memory", memory, "--memory-swap", memory),
        *("--pids-limit", str(limits.processes * 3), "--cpus", str(_CPUS)),
    ]
    for setting in [*settings, f"WORKSHOP_CACHE={places.cache()}", *environment]:
        options += ["--env", setting]
    for folder in sandbox.visible_folders():
        if not os.path.islink(folder):
            options += ["--volume", f"{folder}:{folder}:ro"]
    # As the first process, it ends the container also where the program that started it was killed.
    lifetime = ["timeout", "--signal=KILL", f"{max(seconds, 1):.0f}"]
    return [*options, _IMAGE, *lifetime, sys.executable, "-m", "workshop.grading.contained"]


def _import_image() -> None:
    """An image of empty folders, and of the links that a root folder here has (``/bin`` to ``usr/bin``)."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for folder in _FOLDERS:
            entry = tarfile.TarInfo(folder)
            # What is mounted at /tmp takes over its rights.
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            archive.addfile(entry)
        for folder in sandbox.visible_folders():
            if os.path.islink(folder):
                entry = tarfile.TarInfo(folder.lstrip("/"))
                entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(folder)
                archive.addfile(entry)
        user = f"nobody:x:{sandbox.NOBODY}:{sandbox.NOBODY}:nobody:/tmp:/bin/sh\n".encode()
        entry = tarfile.TarInfo("etc/passwd")
        entry.size, entry.mode = len(user), 0o644
        archive.addfile(entry, io.BytesIO(user))
    done = subprocess.run(["docker", "import", "-", _IMAGE], input=packed.getvalue(), capture_output=True, check=False)
    if done.returncode:
        raise WorkshopError(f"Docker takes no image: {done.stderr.decode(errors='replace')[-300:]}")


def _remove(names: Sequence[str]) -> None:
    if names:
        subprocess.run(["docker", "rm", "--force", *names], capture_output=True, check=False)
