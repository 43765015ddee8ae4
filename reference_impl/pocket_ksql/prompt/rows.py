"""The rows of queries as aligned columns, as they come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from pocket_ksql.prompt.client import Header

_WIDTHS = {"BOOLEAN": 7, "INTEGER": 10, "BIGINT": 15, "DOUBLE": 14, "DATE": 10, "TIME": 12, "TIMESTAMP": 24}
_OTHER = 18
_GAP = 3


def cell(value: Any) -> str:
    """One value as text: NULL for null, JSON for what has parts."""
    if value is None:
        return "NULL"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class RowPrinter:
    """Writes a header, then rows below it; a value wider than its column goes on in the next line.

    Rows may come for hours, so widths follow from the types, not from the rows; where the output is no terminal,
    nothing is broken into lines.
    """

    def __init__(self, console: Console, header: Header) -> None:
        self._console = console
        self._names = header.names
        wanted = [max(len(name), _WIDTHS.get(of, _OTHER)) for name, of in zip(header.names, header.types, strict=True)]
        self._widths = _fitting(wanted, console.width) if console.is_terminal else wanted
        self.count = 0

    def header(self) -> None:
        self._console.print(self._table(show_header=True))

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        table = self._table(show_header=False)
        for row in rows:
            table.add_row(*map(cell, row))
        self.count += len(rows)
        self._console.print(table)

    def _table(self, *, show_header: bool) -> Table:
        table = Table(box=box.ASCII, show_header=show_header, show_edge=False)
        for name, width in zip(self._names, self._widths, strict=True):
            if self._console.is_terminal:
                table.add_column(name, width=width, overflow="fold")
            else:
                table.add_column(name, min_width=width, no_wrap=True)
        return table


def _fitting(wanted: Sequence[int], width: int) -> list[int]:
    """Widths that together fit a terminal: the widest give way first."""
    widths = list(wanted)
    room = max(width - _GAP * len(widths), 3 * len(widths))
    while sum(widths) > room:
        widest = max(widths)
        widths[widths.index(widest)] = widest - 1
    return widths


def listing(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A whole table, as wide as what is in it."""
    table = Table(box=box.ASCII, show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(value if isinstance(value, str) else cell(value) for value in row))
    return table
