"""A long run, shown stage by stage: a live line on a terminal, one finished line a stage in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from workshop.cli import console

_STAGE_WIDTH = 11


class StageLines:
    """Shows stages as they come. Without ``progress`` only their results are printed."""

    def __init__(self, progress: Progress | None, quiet: bool = False) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, doing="") if progress else None
        self._quiet = quiet
        self._stage = ""

    def begin(self, stage: str, doing: str) -> None:
        self._stage = stage
        if self._progress is not None and self._task is not None:
            self._progress.reset(self._task, description=stage.ljust(_STAGE_WIDTH))
        self.progress(doing)

    def progress(self, doing: str, share: float | None = None) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, doing=doing, total=None if share is None else 1.0, completed=share or 0.0)

    def end(self, result: str, seconds: float) -> None:
        if self._quiet:
            return
        line = Text.assemble(("✓ ", "green"), (self._stage.ljust(_STAGE_WIDTH), "bold"), f"{seconds:6.1f} s   ", result)
        console.err.print(line, soft_wrap=True)


@contextmanager
def watching(quiet: bool = False) -> Iterator[StageLines]:
    """Show a run until the block ends. ``quiet`` shows nothing."""
    if quiet or not console.err.is_terminal:
        yield StageLines(None, quiet)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("{task.fields[doing]}"),
    )
    with Progress(*columns, console=console.err, transient=True) as progress:
        yield StageLines(progress)
