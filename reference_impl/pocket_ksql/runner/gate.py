"""A gate at which a query's thread waits while the query is paused."""

from __future__ import annotations

from threading import Condition


class Gate:
    """Open or closed by others; the one thread that passes through it waits while it is closed.

    What it is asked and what it tells change under one lock, so that whoever closes it, however soon after it was
    opened, learns whether the thread is still on its way.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._open = True
        self._someone_waits = False

    @property
    def is_open(self) -> bool:
        return self._open

    def open(self) -> None:
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._open = False

    def pass_through(self) -> None:
        """Return at once or, where the gate is closed, when it is open."""
        with self._changed:
            self._someone_waits = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._open)
            self._someone_waits = False

    def wait_until_held(self, timeout: float) -> bool:
        """Return when the thread waits here, or the gate is open again; false after ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._someone_waits or self._open, timeout)
