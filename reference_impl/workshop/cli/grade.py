"""``workshop grade``: a class's submissions, graded safely."""

from __future__ import annotations

import json as jsonlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import psutil
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workshop.cli import console
from workshop.cli.console import Json
from workshop.errors import WorkshopError

if TYPE_CHECKING:
    from workshop.assignments.source import Assignment
    from workshop.grading.batch import Options
    from workshop.grading.engines import Engine

_WAITING_A_CORE = 3
"""Submissions for each core that now and then wait for Kafka. With two for each core, one of assignment 06 took 4.3 s
on average (two cores), with three 3.6 s."""

_MOSTLY_WAITING_A_CORE = 6
"""The same where most tasks use Kafka. With three for each core, one of assignment 01 took 3.9 s, with five 3.3 s, with
six 2.9 s; of 07, in which two of eight tasks do, 1.1 s, and with six 1.3 s."""

_TRAINING_A_CORE = 2
"""The same where models are trained in between: one trains while the other waits. More of them would only make each
other's training last longer, and that has --timeout to end."""

_BYTES_EACH, _BYTES_TRAINING = 600 * 2**20, 1000 * 2**20
"""What such submissions take with their Kafka."""

app = typer.Typer()


class SandboxName(StrEnum):
    auto = "auto"
    namespace = "namespace"
    docker = "docker"
    none = "none"


@app.command()
def grade(
    number: Annotated[str, typer.Argument(help="The assignment: 1, 01 or 01-ingest.", metavar="NN")],
    submissions: Annotated[
        Path,
        typer.Option(
            help="A folder (or one zip) of notebooks, zips or folders, as Canvas or Moodle export; or one notebook."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where gradebook, tables and feedback go; run again, it goes on there.")],
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Submissions graded at the same time. Default: as many as there are cores; where they wait for Kafka, "
            "two to six times as many, if memory allows it.",
        ),
    ] = None,
    sandbox: Annotated[
        SandboxName,
        typer.Option(
            help="'namespace' keeps submissions apart by Linux namespaces, 'docker' by containers, 'auto' takes the "
            "first of them that works here, 'none' runs strangers' code as you."
        ),
    ] = SandboxName.auto,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one cell, or one call of a check.")] = 60,
    solutions: Annotated[Path, typer.Option(help="Where the sources of the assignments are.")] = Path("solutions"),
    bench: Annotated[
        bool, typer.Option("--bench", help="Only measure: the same submissions by nbgrader's own grader and by ours.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="With --bench: so many of the submissions for nbgrader, which takes its time."),
    ] = None,
    json: Json = False,
) -> None:
    """Grade a folder of submissions: gradebook.db for formgrader, grades.csv, grades.json, feedback, a summary.

    Each submission runs in a sandbox of its own, with no network but a loopback of its own and, where the assignment
    needs one, a Kafka of its own. Damaged notebooks are repaired from the source. After Ctrl-C or a crash, the same
    command goes on: what is graded and has not changed is not graded again. Points given by hand in formgrader stay.
    """
    with nullcontext() if bench else _engine(sandbox, out) as engine:
        # Imported late: nbgrader takes seconds, which --help need not, and in which the engine can start.
        from workshop.assignments import source

        assignment = source.read(source.find(number, solutions))
        from workshop.grading import batch

        options = batch.Options(out, jobs or _usual_jobs(assignment), sandbox.value, timeout)
        if bench:
            _compare(assignment, submissions, options, sample, json)
            return
        with _progress(assignment.name, quiet=json) as report:
            done = batch.run(assignment, submissions, options, report, engine)
    if json:
        console.print_json(
            {
                "assignment": assignment.name,
                "points": assignment.points,
                "submissions": len(done.everybody),
                "graded_now": done.fresh,
                "seconds": round(done.seconds, 2),
                "starting": round(done.starting, 2),
                "scores": done.scores,
                "files": [str(path) for path in done.files],
            }
        )
        return
    rows = [
        (one.learner.id, f"{done.scores[one.learner.id]:g}", f"{one.points:g}", "; ".join(one.notes))
        for one in done.everybody
    ]
    console.print_table(["learner", "points", "of", "about the notebook"], rows, title=assignment.name)
    kept = len(done.everybody) - done.fresh
    console.out.print(f"{done.fresh} graded in {done.seconds:.0f} s, {kept} as they were.")
    for path in done.files:
        console.out.print(str(path), soft_wrap=True)
    console.out.print(f"By hand: cd {out} && jupyter lab, then Nbgrader > Formgrader", soft_wrap=True)


@contextmanager
def _engine(sandbox: SandboxName, out: Path) -> Iterator[Engine]:
    from workshop.grading import engines

    kind = engines.kind_of_sandbox(sandbox.value)
    log = out / engines.LOG
    missing = [path for path in (log, out, *out.parents) if not path.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        with engines.start(kind, log) as engine:
            yield engine
    except WorkshopError as error:
        if _was_asked_wrongly(error):
            _remove(missing)
        raise


def _was_asked_wrongly(error: WorkshopError) -> bool:
    """Whether there is no such assignment, or nothing is handed in: then there is nothing to be kept."""
    from workshop.assignments.source import AssignmentError
    from workshop.grading.intake import SubmissionsError

    return isinstance(error, AssignmentError | SubmissionsError)


def _remove(made: list[Path]) -> None:
    """Remove what this run has made, the innermost first; a folder only if it is empty."""
    with suppress(OSError):
        for path in made:
            path.rmdir() if path.is_dir() else path.unlink()


def _usual_jobs(assignment: Assignment) -> int:
    from workshop.grading import engines

    cores = os.cpu_count() or 1
    if not engines.need_kafka(assignment):
        return cores
    memory = psutil.virtual_memory().available
    if assignment.needs_tensorflow:
        return max(1, min(cores * _TRAINING_A_CORE, memory // _BYTES_TRAINING))
    mostly = 2 * engines.tasks_with_kafka(assignment) > len(assignment.tasks)
    return max(1, min(cores * (_MOSTLY_WAITING_A_CORE if mostly else _WAITING_A_CORE), memory // _BYTES_EACH))


def _compare(assignment: Assignment, submissions: Path, options: Options, sample: int | None, json: bool) -> None:
    """Measure both graders; the figures go to ``bench.json``, too."""
    from workshop.grading import versus

    with console.steps(quiet=json) as report:
        found = versus.compare(assignment, submissions, options, report, sample)
    sides = (found.peer, found.ours)
    figures = {
        "assignment": assignment.name,
        "submissions": {side.name: len(side.scores) for side in sides},
        "seconds_to_start": {side.name: round(side.starting, 2) for side in sides},
        "seconds_each": {side.name: round(side.seconds_each, 2) for side in sides},
        "seconds_in_all": {side.name: round(side.seconds, 2) for side in sides},
        "memory_mb": {side.name: side.memory_mb for side in sides},
        "ratio": round(found.ratio, 1),
        "ratio_for_all": round(found.ratio_for_all, 1),
        "ungraded_by_nbgrader": found.ungraded,
        "other_points": found.differing,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.json").write_text(jsonlib.dumps(figures, indent=2), encoding="utf-8")
    if json:
        console.print_json(figures)
        return
    rows = [
        (
            side.name,
            len(side.scores),
            f"{side.starting:.1f}",
            f"{side.seconds_each:.2f}",
            f"{side.seconds:.1f}",
            side.memory_mb,
        )
        for side in sides
    ]
    columns = ["grader", "submissions", "seconds to start", "seconds each", "seconds in all", "MB at most"]
    console.print_table(columns, rows, title=assignment.name)
    everybody = len(found.ours.scores)
    console.out.print(
        f"{found.ratio:.1f} times as fast with a submission; "
        f"{found.ratio_for_all:.1f} times with a class of {everybody}, the start of both included."
    )
    for who in found.ungraded:
        console.out.print(f"{who}: given up by nbgrader", markup=False)
    for who, (theirs, ours) in found.differing.items():
        console.out.print(f"{who}: {theirs:g} points by nbgrader, {ours:g} by ours", markup=False)


@contextmanager
def _progress(name: str, quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal, a line for each submission in a pipe."""
    if quiet:
        yield lambda done, whole, who: None
        return
    if not console.err.is_terminal:
        yield lambda done, whole, who: console.err.print(f"{done} of {whole} {who}", markup=False)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console.err) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, whole, who: progress.update(task, completed=done, total=whole)
