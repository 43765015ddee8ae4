"""What a chapter begins with: a running stack and the payments that all chapters use."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from fraud_pipeline.connection import Connection
from fraud_pipeline.transactions import SyntheticSource
from workshop import places
from workshop.errors import NoStackError
from workshop.stack import EmbeddedStack, connection

PAYMENTS = SyntheticSource(seed=7, fraud_share=0.01)
"""The payments of the book. One in a hundred is a fraud, about six times as many as in reality: with the real share
a small file would hold too few to learn from. Figures that depend on the share are weighted back."""

ROWS = 12_000
"""How many of them the chapters use."""


def ready() -> Connection:
    """The stack that is up; the embedded one is started where none is."""
    try:
        return connection(places.home())
    except NoStackError:
        return EmbeddedStack(places.home(), places.cache()).up(logging.getLogger(__name__).info)


class mistake:  # noqa: N801 (it reads as a statement: `with mistake():`)
    """Runs code that is wrong on purpose and shows its error in one line. Code that does not fail is an error."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> bool:
        if kind is None:
            raise AssertionError("this was to show an error, and none came")
        if not issubclass(kind, Exception):
            return False  # Ctrl-C
        sys.stdout.write(f"{kind.__name__}: {error}\n")
        return True
