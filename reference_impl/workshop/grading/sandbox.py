"""A process that sees nothing but Python and the kit: Linux namespaces, limits, no privileges.

What is inside: the Python installation and the packages, read-only; ``/tmp``, in memory and limited; loopback, which
it shares with the broker of the same submission; no other process, no other file, no network.
"""

from __future__ import annotations

import os
import resource
import socket
import struct
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

from workshop import places
from workshop.grading import cgroups, linux

NOBODY = 65534
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
_DEVICES = ("null", "zero", "random", "urandom")
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_MB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one sandboxed process and its children may use."""

    memory_mb: int = 3072
    disk_mb: int = 256
    processes: int = 128
    cpu_seconds: int = 900
    data_limited: bool = True


BROKER = Limits(data_limited=False, processes=256)
"""For a Kafka: Java reserves far more memory than it uses."""


def visible_folders() -> list[str]:
    """What a sandbox shows of this machine: the system's libraries, Python, the packages, the kit, Kafka's jars."""
    kit = str(Path(__file__).resolve().parents[2])
    cache = [str(places.cache() / name) for name in ("jars", "archives")]
    wanted = [*_SYSTEM, sys.base_prefix, sys.prefix, kit, *cache]
    return [folder for folder in dict.fromkeys(wanted) if os.path.lexists(folder)]


def isolate_group() -> None:
    """Give this process's children process ids and a network of their own, with loopback up.

    The process forks: it is the child that returns, as the first process of the group. When that one ends, by
    whatever cause, everything in the group has ended.
    """
    linux.die_with_parent()
    user, group = os.geteuid(), os.getegid()
    flags = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC
    if user == 0:
        linux.unshare(flags)
    else:
        linux.unshare(flags | linux.CLONE_NEWUSER)
        linux.map_user(user, user, group, group)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    linux.die_with_parent()
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("proc", "/proc", "proc")
    _raise_loopback()


def enter(folders: Sequence[str], limits: Limits, keep: Sequence[int], group: cgroups.Group | None) -> int:
    """Put a fork of this process into a sandbox. Returns 0 there, and its process id here."""
    if group is not None:
        group.join()
    root_user = os.geteuid() == 0
    flags = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
    if root_user:
        linux.unshare(flags)
    else:
        user, gid = os.geteuid(), os.getegid()
        linux.unshare(flags | linux.CLONE_NEWUSER)
        linux.map_user(NOBODY, user, NOBODY, gid)
    child = os.fork()
    if child:
        return child
    os.setsid()  # a signal for a process group goes past the borders of namespaces: this one's is its own
    _close_all_but(keep)
    _build_root(folders, limits)
    if root_user:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        linux.unshare(linux.CLONE_NEWUSER)
        linux.map_user(NOBODY, NOBODY, NOBODY, NOBODY)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")  # no further namespaces, in which it would be root
    limit(limits)
    linux.give_up_privileges()
    settle()
    return 0


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _close_all_but(keep: Sequence[int]) -> None:
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in {0, 1, 2, *keep}:
            try:
                os.close(int(name))
            except OSError:
                continue  # the one that listed the folder


def _build_root(folders: Sequence[str], limits: Limits) -> None:
    """A root folder in memory with nothing but what may be seen, and move there."""
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    root = "/sys"  # a folder that every Linux has, and that holds nothing of use here
    linux.mount("tmpfs", root, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=4m,mode=755")
    # Before the folders: one of them may lie in /tmp, as a clone for a try does.
    for name in ("tmp", "proc", "dev/shm"):
        Path(root, name).mkdir(parents=True, exist_ok=True)
    size = f"size={limits.disk_mb}m,mode=1777,nr_inodes=20000"
    linux.mount("tmpfs", f"{root}/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, size)
    linux.mount("tmpfs", f"{root}/dev/shm", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, size)
    for folder in folders:
        target = Path(root + folder)
        if os.path.islink(folder) and folder in _SYSTEM:
            target.symlink_to(os.readlink(folder))
        elif not target.exists():
            _place(folder, target)
            linux.bind_read_only(folder, str(target))
    for device in _DEVICES:
        _place(f"/dev/{device}", Path(f"{root}/dev/{device}"))
        linux.mount(f"/dev/{device}", f"{root}/dev/{device}", None, linux.MS_BIND)
    Path(root, "etc/passwd").write_text(f"nobody:x:{NOBODY}:{NOBODY}:nobody:/tmp:/bin/sh\n")
    Path(root, "etc/hosts").write_text("127.0.0.1 localhost\n")
    linux.mount("proc", f"{root}/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)
    linux.mount(
        "none", root, None, linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV
    )
    linux.pivot_root(root)


def _place(source: str, target: Path) -> None:
    if os.path.isdir(source):
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()


def limit(limits: Limits) -> None:
    """Set what the system itself can limit for this process and its children."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_FSIZE: limits.disk_mb * _MB,
    }
    if limits.data_limited:
        wanted[resource.RLIMIT_DATA] = limits.memory_mb * _MB
    for kind, value in wanted.items():
        _set(kind, value)


def _set(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def limit_own_memory(more_mb: int) -> None:
    """Let this process use so much more memory than now; beyond that it gets a ``MemoryError``."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])  # of data and stack
    _set(resource.RLIMIT_DATA, pages * resource.getpagesize() + more_mb * _MB)


def settle() -> None:
    """A home and a work folder, and nothing of the environment but what Python needs."""
    for folder in ("/tmp/home", "/tmp/work"):
        os.mkdir(folder)
    os.chdir("/tmp/work")
    kept = {
        name: value for name, value in os.environ.items() if name.startswith(("TF_", "KERAS_B", "OMP_", "OPENBLAS_"))
    }
    cache = os.environ.get("WORKSHOP_CACHE") or str(places.cache())
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(
        HOME="/tmp/home",
        TMPDIR="/tmp",
        PATH=f"{sys.prefix}/bin:/usr/bin:/bin",
        LANG="C.UTF-8",
        MPLBACKEND="Agg",
        WORKSHOP_CACHE=cache,
        KERAS_HOME="/tmp/home/keras",
        MPLCONFIGDIR="/tmp/home/matplotlib",
    )
    tempfile.tempdir = "/tmp"


def why_unavailable() -> str | None:
    """Why a sandbox cannot be made on this machine, or None where one can: it is tried."""
    if not sys.platform.startswith("linux"):
        return "Linux namespaces exist on Linux only"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _try_out(writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return None if said == "inside" else said or "this machine does not allow them"


def _try_out(report: int) -> None:
    try:
        isolate_group()
        child = enter(visible_folders(), Limits(), [report], None)
        if child:
            os.waitpid(child, 0)
        else:
            os.write(report, b"inside")
    except OSError as error:
        os.write(report, str(error).encode())
    finally:
        os._exit(0)
