"""The forked process in which cells run, one after the other, and what it tells of them."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.assignments.source import SourceTask
from workshop.checks import place
from workshop.checks.outcomes import Item, Status, TaskReport


@dataclass(frozen=True)
class Cells:
    """Cells to run one after the other, and which of them check which task. ``folder`` None: an empty one."""

    sources: Sequence[str]
    checks: Mapping[int, SourceTask]
    folder: Path | None = None


class _Collecting(place.LocalPlace):
    """Keeps the reports instead of showing them."""

    def __init__(self, connection: Connection | None) -> None:
        super().__init__(connection)
        self.reports: list[TaskReport] = []

    def finish(self, report: TaskReport) -> None:
        self._remove_topics()
        self.reports.append(report)


def run_cells(cells: Cells, connection: Connection | None, pipe: Pipe) -> None:
    """Run the cells in this process, which ends with them.

    It tells over ``pipe``: ``("place", …)`` where it is, in words; ``("report", …)`` for each check; ``("error", …)``
    for each other cell that raised. An interrupt (SIGINT) ends it, after it has told at which line it was.
    """
    from IPython.core.interactiveshell import InteractiveShell

    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.environ["WORKSHOP_HOME"] = str(places.home())
    os.environ.setdefault("MPLBACKEND", "Agg")
    with tempfile.TemporaryDirectory(prefix="workshop-cells-", ignore_cleanup_errors=True) as empty:
        os.chdir(cells.folder or empty)
        here = _Collecting(connection)
        place.set_current(here)
        shell = InteractiveShell.instance()
        for number, source in enumerate(cells.sources):
            here.reports.clear()
            pipe.send(("place", _name_of(number, cells)))
            outcome = shell.run_cell(source, store_history=False)
            error = outcome.error_before_exec or outcome.error_in_exec
            if isinstance(error, KeyboardInterrupt):
                if line := _line_of(error, cells.sources):
                    pipe.send(("place", f"at the line `{line}`"))
                break
            if number in cells.checks:
                pipe.send(("report", _report(cells.checks[number], here.reports, error).as_dict()))
            elif error is not None:
                pipe.send(("error", f"{type(error).__name__}: {error} ({_name_of(number, cells)})"))
        os.chdir("/")
    pipe.close()
    os._exit(0)  # at once: Kafka clients that the cells have left open would take their time


def _name_of(number: int, cells: Cells) -> str:
    """Where a cell's code runs, in words."""
    if number in cells.checks:
        return f"in the check of {cells.checks[number].name}"
    first = next((line for line in cells.sources[number].splitlines() if line.strip()), "")
    return f"in the cell that begins `{first}`"


def _line_of(error: BaseException, sources: Sequence[str]) -> str | None:
    """The innermost line of the cells at which the error came."""
    lines = {line.strip() for source in sources for line in source.splitlines()} - {""}
    met = (frame.line for frame in reversed(traceback.extract_tb(error.__traceback__)))
    return next((line for line in met if line in lines), None)


def _report(task: SourceTask, reports: Sequence[TaskReport], error: BaseException | None) -> TaskReport:
    """What the check cell has told, or why it told nothing."""
    if reports and reports[-1].task == task.name and error is None:
        return reports[-1]
    if isinstance(error, NotImplementedError):
        return failure(
            task, "Not attempted yet: replace `raise NotImplementedError` with your code.", Status.NOT_ATTEMPTED
        )
    if error is None:
        return failure(task, "The check cell gave no points. Its last line must be: task.score()")
    return failure(task, f"{type(error).__name__}: {error} {getattr(error, 'hint', '')}".strip())


def failure(task: SourceTask, message: str, status: Status = Status.INCORRECT) -> TaskReport:
    """The report of a check that gave none."""
    return TaskReport(task.name, task.points, (Item("the check runs to its end", status, message),))
