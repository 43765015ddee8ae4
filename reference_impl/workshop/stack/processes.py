"""Background processes that outlive the command that started them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from workshop.errors import StackError

_LOG_LINES_IN_AN_ERROR = 8


@dataclass(frozen=True)
class Handle:
    """A process, told from a later one with the same number by its moment of creation."""

    pid: int
    created: float

    def process(self) -> psutil.Process | None:
        """The process while it runs, else None."""
        try:
            process = psutil.Process(self.pid)
            alive = process.create_time() == self.created and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if alive else None

    @property
    def is_running(self) -> bool:
        return self.process() is not None


def start(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Handle:
    """Start ``command`` in a session of its own, so that Ctrl-C here does not reach it; output goes to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    return Handle(child.pid, psutil.Process(child.pid).create_time())


def wait_healthy(name: str, handle: Handle, healthy: Callable[[], bool], log: Path, timeout: float) -> None:
    """Return as soon as ``healthy()`` is true.

    Raises:
        StackError: the process ended, or ``timeout`` seconds passed; the message ends with the tail of its log.
    """

    if not comes_true(lambda: not handle.is_running or healthy(), timeout):
        raise StackError(f"{name} did not answer within {timeout:.0f} s.\n{tail(log)}", hint=f"Its log: {log}")
    if not handle.is_running:
        raise StackError(f"{name} ended while starting.\n{tail(log)}", hint=f"Its log: {log}")


def stop(handle: Handle, patience: float = 30) -> None:
    """Ask the process to end, and kill it when it has not after ``patience`` seconds."""
    process = handle.process()
    if process is None:
        return
    try:
        process.terminate()
        if not comes_true(lambda: not handle.is_running, patience):
            process.kill()
            comes_true(lambda: not handle.is_running, patience)
        process.wait(0)  # a child of our own is not left behind as a zombie
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        pass  # it is gone, or its parent, which may be a notebook that goes on, has yet to look at how it ended


def comes_true(condition: Callable[[], bool], patience: float) -> bool:
    """Wait until ``condition()`` is true; false when it is not within ``patience`` seconds."""
    waiting = Retrying(
        wait=wait_fixed(0.05), stop=stop_after_delay(patience), retry=retry_if_result(lambda is_so: not is_so)
    )
    try:
        waiting(condition)
    except RetryError:
        return False
    return True


@contextmanager
def sigterm_as_exit() -> Iterator[None]:
    """SIGTERM leaves the block as an exception would, so that what it has started is stopped."""
    owner = os.getpid()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        if os.getpid() != owner:  # a fork has nothing of its own to stop
            os._exit(128 + signal.SIGTERM)
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def tail(log: Path, lines: int = _LOG_LINES_IN_AN_ERROR) -> str:
    """The last lines of a log, for an error message."""
    if not log.exists():
        return ""
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-lines:])
