"""What is up, written to disk so that the next command finds it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack.kafka import CLIENT
from workshop.stack.processes import Handle


@dataclass(frozen=True)
class StackState:
    """A stack as it was last brought up. ``ports`` and ``services`` are empty unless it is the embedded one."""

    backend: str
    connection: Connection
    ports: dict[str, int] = field(default_factory=dict)
    services: dict[str, Handle] = field(default_factory=dict)


def load(home: Path) -> StackState | None:
    """The recorded stack, or None where nothing was brought up."""
    try:
        raw = json.loads(_path(home).read_text())
        return StackState(
            backend=raw["backend"],
            connection=Connection(**raw["connection"], client=_client(raw["backend"])),
            ports=raw["ports"],
            services={name: Handle(**handle) for name, handle in raw["services"].items()},
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise StackError(
            f"{_path(home)} cannot be read ({error}).", hint="Delete that file, then run: workshop up"
        ) from error


def _client(backend: str) -> dict[str, str]:
    own = Connection.from_environment().client
    return {**CLIENT, **own} if backend == "embedded" else dict(own)


def save(home: Path, state: StackState) -> None:
    """Record ``state``; a crash leaves the old record or the new one. Secrets stay in the environment."""
    raw = asdict(state)
    del raw["connection"]["client"]
    draft = _path(home).with_suffix(".tmp")
    draft.write_text(json.dumps(raw, indent=2))
    os.replace(draft, _path(home))


def forget(home: Path) -> None:
    _path(home).unlink(missing_ok=True)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold ``folder``, a stack's home for example, for one command at a time; a second one waits here."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _path(home: Path) -> Path:
    return home / "stack.json"
