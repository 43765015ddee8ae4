"""``workshop grade``: a class's submissions, graded safely."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workshop.cli import console
from workshop.cli.console import Json

app = typer.Typer()


class SandboxName(StrEnum):
    auto = "auto"
    namespace = "namespace"
    none = "none"


@app.command()
def grade(
    number: Annotated[str, typer.Argument(help="The assignment: 1, 01 or 01-ingest.", metavar="NN")],
    submissions: Annotated[
        Path,
        typer.Option(help="A folder (or one zip) of notebooks, zips or folders, as Canvas or Moodle export."),
    ],
    out: Annotated[Path, typer.Option(help="Where gradebook, tables and feedback go; run again, it goes on there.")],
    jobs: Annotated[int, typer.Option(min=1, help="Submissions graded at the same time.")] = os.cpu_count() or 1,
    sandbox: Annotated[
        SandboxName,
        typer.Option(
            help="'namespace' keeps submissions apart by Linux namespaces, 'auto' takes what works here, "
            "'none' runs strangers' code as you."
        ),
    ] = SandboxName.auto,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one cell, or one call of a check.")] = 60,
    solutions: Annotated[Path, typer.Option(help="Where the sources of the assignments are.")] = Path("solutions"),
    json: Json = False,
) -> None:
    """Grade a folder of submissions: gradebook.db for formgrader, grades.csv, grades.json, feedback, a summary.

    Each submission runs in a sandbox of its own, with no network but a loopback of its own and, where the assignment
    needs one, a Kafka of its own. Damaged notebooks are repaired from the source. After Ctrl-C or a crash, the same
    command goes on: what is graded and has not changed is not graded again. Points given by hand in formgrader stay.
    """
    # Imported late: nbgrader takes seconds, which --help need not.
    from workshop.assignments import source
    from workshop.grading import batch

    assignment = source.read(source.find(number, solutions))
    options = batch.Options(out, jobs, sandbox.value, timeout)
    with _progress(assignment.name, quiet=json) as report:
        done = batch.run(assignment, submissions, options, report)
    if json:
        console.print_json(
            {
                "assignment": assignment.name,
                "points": assignment.points,
                "submissions": len(done.everybody),
                "graded_now": done.fresh,
                "seconds": round(done.seconds, 2),
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
