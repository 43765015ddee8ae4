"""A sandboxed process as the checker has it: a channel to it, what it prints, a way to end it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

_OUTPUT_KEPT = 20_000


@dataclass
class Process:
    """A sandboxed process: how to speak with it, what it prints, how to end it.

    It is ended by its process id, where it has one here, or else by what ``end`` does.
    """

    pid: int | None
    channel: socket.socket
    output: int
    end: Callable[[], None] = lambda: None
    kept: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def __post_init__(self) -> None:
        threading.Thread(target=self._drain, daemon=True).start()

    def kill(self) -> None:
        self.channel.close()
        self.end()
        for end in (os.kill, os.killpg) if self.pid else ():  # a sandbox's first process takes all others with it
            try:
                end(self.pid or 0, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue

    def _drain(self) -> None:
        """Read on whatever is printed, keep the beginning: a program that prints a gigabyte only wastes its time."""
        while part := os.read(self.output, 2**16):
            room = max(_OUTPUT_KEPT - len(self.kept), 0)
            self.kept += part[:room]
            self.dropped += len(part[room:])
        os.close(self.output)
