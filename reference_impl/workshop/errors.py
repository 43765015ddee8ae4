"""The one family of errors that the kit shows to its users.

WorkshopError
├── JarError          a jar cannot be fetched or fails its checksum
└── StackError        a service does not start, stop or answer
    └── NoStackError  a command needs a stack and none is up
"""

from __future__ import annotations


class WorkshopError(Exception):
    """Something that the user can act on: what happened, and in ``hint`` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback."""
        return [str(self), *([f"What to do: {self.hint}"] if self.hint else [])]


class StackError(WorkshopError):
    """A service of the stack does not start, stop or answer."""


class NoStackError(StackError):
    """The command needs a running stack, and there is none."""

    def __init__(self) -> None:
        super().__init__("No stack is up.", hint="Start the platform: workshop up")
