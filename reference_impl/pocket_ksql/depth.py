"""How deep a statement may be nested: expressions are walked by recursion, and the stack has an end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pocket_ksql.errors import KsqlStatementError

_FRAMES = 10_000
"""Of Python's stack, which by itself ends at 1,000: that is a chain of two hundred ORs."""


def allow_nesting() -> None:
    """Make room on the stack for statements that are nested deeply."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))


@contextmanager
def nesting_refused(statement_text: str) -> Iterator[None]:
    """Refuse what is nested too deeply, as ksqlDB does when its stack ends; raises ``KsqlStatementError``."""
    try:
        yield
    except RecursionError:
        raise KsqlStatementError(
            "Statement is too large to parse. "
            "This may be caused by having too many nested expressions in the statement.",
            statement_text,
        ) from None
