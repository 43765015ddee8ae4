"""A sandboxed process as the checker has it: a channel to it, what it prints, a way to end it."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

_OUTPUT_KEPT = 20_000
_PIECES = 64
_PIECE = 2**16


@dataclass
class Process:
    """A sandboxed process: how to speak with it, what it prints, how to end it.

    It is ended by its process id, where it has one here, or else by what ``end`` does.
    """

    pid: int | None
    channel: socket.socket
    output: int
    end: Callable[[], None] = lambda: None
    _kept: bytearray = field(default_factory=bytearray)
    _dropped: int = 0
    _ended: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        threading.Thread(target=self._drain, daemon=True).start()

    def take_printed(self) -> tuple[bytes, int]:
        """The beginning of what was printed since the last call, and how many bytes more there were.

        What was written before an answer that has come is in the pipe by then, and is part of it.
        """
        with self._lock:
            self._read_ready()
            taken = bytes(self._kept), self._dropped
            self._kept, self._dropped = bytearray(), 0
            return taken

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
        printed = self._poll()
        while not self._ended:
            printed.poll()
            with self._lock:
                self._read_ready()
        os.close(self.output)

    def _read_ready(self) -> None:
        printed = self._poll()
        for _ in range(_PIECES):  # somebody may print without end
            if self._ended or not printed.poll(0):
                return
            part = os.read(self.output, _PIECE)
            room = max(_OUTPUT_KEPT - len(self._kept), 0)
            self._kept += part[:room]
            self._dropped += len(part[room:])
            self._ended = not part

    def _poll(self) -> select.poll:
        printed = select.poll()
        printed.register(self.output, select.POLLIN)
        return printed
