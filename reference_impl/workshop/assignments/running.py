"""Runs an assignment's cells in a process forked for them, and gives the reports of its checks."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.assignments.source import Assignment, SourceTask
from workshop.checks import place
from workshop.checks.outcomes import Item, Status, TaskReport

_forked = multiprocessing.get_context("fork")
_SOLUTION = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n", re.MULTILINE)


class _Collecting(place.LocalPlace):
    """Keeps the reports instead of showing them."""

    def __init__(self, connection: Connection | None) -> None:
        super().__init__(connection)
        self.reports: list[TaskReport] = []

    def finish(self, report: TaskReport) -> None:
        self._remove_topics()
        self.reports.append(report)


def variant(path: Path) -> tuple[str, dict[str, str], str]:
    """Task name, header (``points``, ``message``, …) and code of a file in ``mutants/`` or ``alternates/``."""
    text = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^# (mistake|way|points|message): *(.+)$", text, re.MULTILINE))
    return path.stem.partition("-")[0], header, text


def run(
    cells: Sequence[str],
    tasks: Mapping[int, SourceTask],
    connection: Connection | None = None,
    timeout: float = 300,
) -> list[TaskReport]:
    """Run ``cells``, of which those numbered in ``tasks`` are checks; a check that gives no report earns nothing."""
    ours, theirs = _forked.Pipe(duplex=False)
    process = _forked.Process(target=_child, args=(list(cells), dict(tasks), connection, theirs), daemon=True)
    process.start()
    theirs.close()
    deadline = time.monotonic() + timeout
    found: dict[str, TaskReport] = {}
    try:
        while len(found) < len(tasks) and ours.poll(max(0.0, deadline - time.monotonic())):
            report = TaskReport.from_dict(ours.recv())
            found[report.task] = report
    except EOFError:
        pass  # it ended; what it did not report is filled in below
    finally:
        process.kill()
        process.join()
    unfinished = "The code did not come to an end: it took too long, or it ended Python."
    return [found.get(task.name) or _failure(task, unfinished) for task in tasks.values()]


def _failure(task: SourceTask, message: str, status: Status = Status.INCORRECT) -> TaskReport:
    return TaskReport(task.name, task.points, (Item("the check runs to its end", status, message),))


def _child(cells: list[str], tasks: dict[int, SourceTask], connection: Connection | None, pipe: Pipe) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    here = _Collecting(connection)
    place.set_current(here)
    shell = InteractiveShell.instance()
    for number, cell in enumerate(cells):
        here.reports.clear()
        outcome = shell.run_cell(cell, store_history=False)
        if number not in tasks:
            continue
        task, error = tasks[number], outcome.error_before_exec or outcome.error_in_exec
        if here.reports and here.reports[-1].task == task.name:
            report = here.reports[-1]
        elif isinstance(error, NotImplementedError):
            report = _failure(task, "Not attempted yet.", Status.NOT_ATTEMPTED)
        else:
            report = _failure(task, f"{type(error).__name__}: {error}" if error else "It gave no points.")
        pipe.send(report.as_dict())
    pipe.close()


def of_source(
    assignment: Assignment, replaced: Mapping[str, str] | None = None, only: str | None = None
) -> tuple[list[str], dict[int, SourceTask]]:
    """The source's cells with hidden tests, with other code in the solution cells of ``replaced``."""
    named = {task.name: task for task in assignment.tasks}
    cells: list[str] = []
    checks: dict[int, SourceTask] = {}
    for cell in assignment.notebook.cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        task = named.get(name.removesuffix("-check"))
        if task is not None and name.endswith("-check"):
            if only in (None, task.name):
                checks[len(cells)] = task
                cells.append(task.graded_source)
        elif task is not None:
            cells.append(_SOLUTION.sub("", (replaced or {}).get(name, cell.source)))
        else:
            cells.append(cell.source)
    return cells, checks
