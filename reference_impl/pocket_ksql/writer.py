"""Writing Python source: indented lines, names for the objects it uses, and its compilation."""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType
from typing import Any

_counter = itertools.count(1)


class Writer:
    """Source under construction, with the names that it refers to."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._indent = 0
        self._fresh = itertools.count(1)
        self._bound: dict[int, str] = {}

    def line(self, text: str) -> None:
        self.lines.append("    " * self._indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """``head`` and, indented under it, what is written inside."""
        self.line(head)
        self._indent += 1
        yield
        self._indent -= 1

    def fresh(self, prefix: str) -> str:
        """A name that nothing else uses."""
        return f"{prefix}{next(self._fresh)}"

    def bind(self, value: Any, prefix: str = "c") -> str:
        """A name for an object in the compiled source; the same object gets the same name."""
        name = self._bound.get(id(value))
        if name is None:
            name = self._bound[id(value)] = self.fresh(f"{prefix}_")
            self.names[name] = value
        return name

    @property
    def source(self) -> str:
        return "\n".join(self.lines) + "\n"

    def compile(self, name: str) -> Callable[..., Any]:
        """Compile the source and return the function ``name`` that it defines."""
        exec(_compiled(self.source, name), self.names)
        function = self.names[name]
        assert callable(function)
        return function


@lru_cache(256)
def _compiled(source: str, name: str) -> CodeType:
    """A statement is compiled when it is tried, when it is carried out and when its query begins: alike each time.

    The source is kept where tracebacks and debuggers find it.
    """
    filename = f"<ksql {name} {next(_counter)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        return compile(source, filename, "exec")
    except (SyntaxError, MemoryError) as error:
        if isinstance(error, SyntaxError) and "nested" not in str(error):
            raise
        raise RecursionError("too deep for Python's parser") from None
