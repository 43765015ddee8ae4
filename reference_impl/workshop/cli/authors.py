"""``workshop test-assignment``: an assignment's solution, mutants and alternates against its checks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from workshop import places, stack
from workshop.cli import console

app = typer.Typer()


@app.command("test-assignment")
def try_out(
    number: Annotated[str, typer.Argument(help="1, 01 or 01-ingest.", metavar="NN")],
    solutions: Annotated[Path, typer.Option(help="Where the sources are.")] = Path("solutions"),
    kafka: Annotated[bool, typer.Option(help="Let the checks use the stack that is up.")] = True,
) -> None:
    """For authors: the solution must get all points, each mutant its own with its message, each alternate all."""
    from workshop.assignments import running, source

    assignment = source.read(source.find(number, solutions))
    connection = stack.connection(places.home()) if kafka else None
    wrong: list[str] = []

    def verdict(name: str, problem: str) -> None:
        console.out.print(f"{'✗' if problem else '✓'} {name}{problem and ': ' + problem}", markup=False)
        if problem:
            wrong.append(name)

    for report in running.run(*running.of_source(assignment), connection):
        failing = "; ".join(f"{item.what}: {item.message} {item.detail}" for item in report.failing)
        verdict(f"solution {report.task}", failing)
    for path in sorted(assignment.folder.glob("mutants/t*.py")) + sorted(assignment.folder.glob("alternates/t*.py")):
        task, header, code = running.variant(path)
        cells = running.of_source(assignment, {task: code}, only=task)
        (report,) = running.run(*cells, connection)
        told = " ".join(f"{item.message} {item.detail}" for item in report.failing)
        stated = re.match(r"[\d.]+", header.get("points", ""))
        wanted = float(stated[0]) if stated else report.points
        problem = "" if abs(report.score - wanted) < 0.006 else f"got {report.score:g}, not {wanted:g}. {told}"
        if header.get("message", "") not in told:
            problem += f" The message does not occur: {header['message']}. It says: {told}"
        verdict(f"{path.parent.name}/{path.stem}", problem)
    if wrong:
        console.err.print(f"{len(wrong)} differ from what they must get.")
        raise typer.Exit(1)
