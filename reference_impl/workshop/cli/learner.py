"""``workshop check``, ``hint``, ``progress``, ``solution``: for those who work on an assignment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.syntax import Syntax

from workshop import places, stack
from workshop.cli import console
from workshop.cli.console import Json
from workshop.errors import NoStackError, WorkshopError

# Assignments are imported late: they take a second or two, which no other command need wait for.
app = typer.Typer()

Number = Annotated[str, typer.Argument(help="The assignment: 1, 01 or 01-ingest.", metavar="NN")]
Exercises = Annotated[Path, typer.Option(help="Where your notebooks are.")]
Solutions = Annotated[Path, typer.Option(help="Where the solutions are.")]


@app.command()
def check(
    number: Number,
    task: Annotated[str | None, typer.Option("--task", "-t", help="Only this task, e.g. t2.", metavar="T")] = None,
    exercises: Exercises = Path("exercises"),
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that a task may take.")] = 60,
    json: Json = False,
) -> None:
    """Check your answers: save the notebook, then run this.

    Runs the visible checks of exercises/NN-…/NN-….ipynb, each with only those cells that it needs, and says what is
    right, what is not yet, and where to look. The same checks run in the notebook itself. Some need a running Kafka:
    workshop up. Exit code 0 when all tasks checked are correct, else 1.
    """
    from workshop.assignments import running, source, variants
    from workshop.assignments.progress import Progress
    from workshop.checks import show
    from workshop.checks.outcomes import Status, TaskReport

    assignment = source.read_exercise(source.find(number, exercises))
    tasks = [assignment.task(task)] if task else list(assignment.tasks)
    try:
        connection = stack.connection(places.home())
    except NoStackError:
        connection = None
    running.preload(assignment)
    jobs = [(one.name, variants.for_task(assignment, one, {}, assignment.folder)) for one in tasks]
    found: dict[str, TaskReport] = {}
    quiet = json or not console.err.is_terminal

    def still_running(name: str, seconds: float, place: str) -> None:
        if not json:
            console.err.print(f"{name} has been running for {seconds:.0f} s, {place}", markup=False)

    with console.steps(quiet=quiet) as progress:
        for name, outcome in running.run(jobs, connection, 2, timeout, still_running):
            found[name] = outcome.reports[name]
            progress(f"{len(found)} of {len(tasks)} tasks checked")
    reports = [found[one.name] for one in tasks]
    Progress(places.home()).record(assignment.name, reports)
    if json:
        console.print_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            told = show.headline(report) if report.status is Status.NOT_ATTEMPTED else show.text(report)
            console.out.print(told, markup=False)
        if any(report.status is not Status.CORRECT for report in reports):
            console.out.print(f"\nStuck? workshop hint {assignment.number} TASK tells a little more each time.")
    if any(report.status is not Status.CORRECT for report in reports):
        raise typer.Exit(1)


@app.command()
def hint(
    number: Number,
    task: Annotated[str, typer.Argument(help="The task, e.g. t2.", metavar="T")],
    exercises: Exercises = Path("exercises"),
) -> None:
    """Tell a hint for a task: a gentle one first, one more each time you ask."""
    from workshop.assignments import source
    from workshop.assignments.progress import Progress

    assignment = source.read_exercise(source.find(number, exercises))
    hints = assignment.task(task).hints
    if not hints:
        raise WorkshopError(f"There are no hints for {task} of {assignment.name}.")
    shown = Progress(places.home()).next_hint(assignment.name, task, len(hints))
    for place, text in enumerate(hints[:shown], start=1):
        console.out.print(f"Hint {place} of {len(hints)}: {text}", markup=False)
    if shown == len(hints):
        console.out.print(f"That was all. To see an answer: workshop solution {assignment.number} {task}")


@app.command()
def progress(exercises: Exercises = Path("exercises"), json: Json = False) -> None:
    """Show how far you are: tasks that were correct when you last ran `workshop check`."""
    from workshop.assignments import source
    from workshop.assignments.progress import Progress
    from workshop.checks.outcomes import Status

    kept = Progress(places.home())
    rows = []
    for folder in source.folders(exercises):
        assignment = source.read_exercise(folder)
        tasks = kept.tasks(assignment.name)
        correct = sum(one["status"] == Status.CORRECT for one in tasks.values())
        score = sum(one["score"] for one in tasks.values())
        rows.append((assignment.name, len(assignment.tasks), correct, score, assignment.points, assignment.minutes))
    columns = ["assignment", "tasks", "correct", "points", "of", "minutes"]
    if json:
        console.print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if not rows:
        raise WorkshopError(f"There are no assignments in {exercises}.", hint="Run this in the folder of the kit.")
    console.print_table(columns, [(*row[:3], f"{row[3]:g}", f"{row[4]:g}", row[5] or "") for row in rows])


@app.command()
def solution(
    number: Number,
    task: Annotated[str | None, typer.Argument(help="Only this task, e.g. t2.", metavar="[T]")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    solutions: Solutions = Path("solutions"),
) -> None:
    """Show the answer of a task, or of all tasks. Asks first: once read, it cannot be found any more."""
    from workshop.assignments import source, variants

    assignment = source.read(source.find(number, solutions))
    tasks = [assignment.task(task)] if task else list(assignment.tasks)
    if not yes:
        which = task or "all tasks"
        typer.confirm(f"Show the answer to {which} of {assignment.name}? `workshop hint` tells less", abort=True)
    for one in tasks:
        console.out.print(f"# {assignment.name}, {one.name}", markup=False)
        code = variants.without_markers(one.solution)
        console.out.print(Syntax(code, "python", background_color="default") if console.out.is_terminal else code)
