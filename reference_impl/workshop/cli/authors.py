"""``workshop test-assignment``: an assignment's solution, mutants and alternates against its checks."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from fraud_pipeline.connection import Connection
from workshop import places, stack
from workshop.cli import console
from workshop.cli.console import Json

app = typer.Typer()


@app.command("test-assignment")
def try_out(
    number: Annotated[str, typer.Argument(help="1, 01 or 01-ingest.", metavar="NN")],
    only: Annotated[str, typer.Option(help="Only variants whose name holds this, e.g. t3 or mutants.")] = "",
    jobs: Annotated[int, typer.Option(min=1, help="So many at a time.")] = 2,
    timeout: Annotated[float, typer.Option(help="Seconds that one of them may take.")] = 120,
    this_stack: Annotated[bool, typer.Option("--this-stack", help="Use the stack that is up, not one of its own.")] = (
        False
    ),
    solutions: Annotated[Path, typer.Option(help="Where the sources are.")] = Path("solutions"),
    json: Json = False,
) -> None:
    """For authors: try an assignment's checks on right and wrong answers.

    The solution and each alternate must get all points, the released notebook none, each mutant its own with its
    message. Kafka runs for the length of the command where the assignment uses it. Exit code 1 if any differs.
    """
    from workshop.assignments import running, source, variants

    assignment = source.read(source.find(number, solutions))
    running.preload(assignment)
    began = time.monotonic()
    problems: dict[str, str] = {}
    platform: AbstractContextManager[Connection | None]
    if this_stack:
        platform = nullcontext(stack.connection(places.home()))
    else:
        platform = running.own_stack() if assignment.needs_kafka else nullcontext(None)
    with platform as connection:
        wanted = [one for one in variants.all_of(assignment) if only in one[0].name]
        for variant, outcome in running.run(wanted, connection, jobs, timeout):
            problem = problems[variant.name] = variant.problem(outcome)
            if not json:
                shown = f"✗ {variant.name}: {problem}" if problem else f"✓ {variant.name}"
                console.out.print(shown, markup=False)
    wrong = sum(map(bool, problems.values()))
    if json:
        console.print_json(problems)
    else:
        seconds = time.monotonic() - began
        console.out.print(f"{assignment.name}: {len(problems)} tried in {seconds:.0f} s, {wrong} differ.")
    if wrong:
        raise typer.Exit(1)
