"""``workshop build-exercises`` and ``find-leaks``: the notebooks for learners, made from ``solutions/``."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from workshop.cli import console

app = typer.Typer()


@app.command("build-exercises")
def build_exercises(
    number: Annotated[
        str | None, typer.Argument(help="Only this assignment: 1, 01 or 01-ingest.", metavar="[NN]")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 if exercises/ is stale.")] = False,
    solutions: Annotated[Path, typer.Option(help="Where the sources are.")] = Path("solutions"),
    exercises: Annotated[Path, typer.Option(help="Where the notebooks for learners go.")] = Path("exercises"),
) -> None:
    """Make the notebooks of exercises/ from solutions/, without answers and hidden tests."""
    from workshop.assignments import release, source

    folders = [source.find(number, solutions)] if number else source.folders(solutions)
    wrong = False
    for folder in folders:
        assignment = source.read(folder)
        for problem in assignment.problems():
            wrong = True
            console.err.print(f"{assignment.name}: {problem}", markup=False)
        for relative, text in release.release_files(assignment).items():
            path = exercises / relative
            there = path.read_text(encoding="utf-8") if path.is_file() else ""
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif there != text:
                wrong = True
                lines = difflib.unified_diff(there.splitlines(), text.splitlines(), str(path), "from solutions/", "")
                console.out.print("\n".join(lines), markup=False)
        console.out.print(f"{assignment.name}: {len(assignment.tasks)} tasks, {assignment.points:g} points")
    if wrong:
        raise typer.Exit(1)


@app.command("find-leaks")
def find_leaks(
    folders: Annotated[list[Path], typer.Argument(help="What learners get to see: exercises, feedback, the book.")],
    solutions: Annotated[Path, typer.Option(help="Where the sources are.")] = Path("solutions"),
) -> None:
    """Look for answers and hidden tests in folders that learners get to see. Exit code 1 if there are any."""
    from workshop.assignments import leaks, source

    assignments = [source.read(folder) for folder in source.folders(solutions)]
    found = [leak for folder in folders for leak in leaks.find(folder, assignments)]
    for leak in found:
        console.out.print(f"{leak.path}: {leak.what}: {leak.text}", markup=False)
    console.out.print(f"{len(found)} lines of answers or hidden tests in {', '.join(map(str, folders))}")
    if found:
        raise typer.Exit(1)
