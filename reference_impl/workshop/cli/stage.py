"""``workshop stage``: the platform as a chapter needs it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workshop import backups, places
from workshop.cli import console
from workshop.cli.console import Json
from workshop.cli.stack import backend_here
from workshop.cli.watch import watching

app = typer.Typer()


@app.command()
def stage(
    number: Annotated[str, typer.Argument(help="The chapter or assignment: 4, 04 or 04-prepare.", metavar="NN")],
    rows: Annotated[
        int | None, typer.Option(min=5_000, help="Payments to send; without it, as many as the book has.", metavar="N")
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Only empty the platform, for a chapter that you run from its first cell.")
    ] = False,
    exercises: Annotated[Path, typer.Option(help="Where your notebooks are.")] = Path("exercises"),
    json: Json = False,
) -> None:
    """Bring the platform to where a chapter or assignment begins.

    To catch up with a class, or to begin again. Starts the platform if none
    is up, takes away what the pipeline's topics hold, and makes with the
    book's payments what the stages before NN leave:

    01 ingest        an empty platform
    02 explore       payments on their topic
    03 preprocess    and the card holders
    04 prepare       and all KSQL streams and tables
    05 train         the same
    06 deploy        and a model, in .workshop/bundle
    07 monitor       and its scores and alerts
    08 capstone      the same

    Your notebooks stay as they are. A copy of exercises/NN-…, and of a model
    that is replaced, goes to .workshop/backups first. Your own topics stay,
    too; only streams and tables that you have made from the pipeline's are
    removed, and named. Safe to repeat: after Ctrl-C, run it again.
    """
    # Imported late: scikit-learn and its friends take seconds, which --help need not.
    from workshop import checkpoints
    from workshop.book.chapter import PAYMENTS, ROWS

    wanted = checkpoints.find(number)
    reached = checkpoints.find("1") if empty else wanted
    home, bundle = places.home(), places.home() / "bundle"
    replaced = [exercises / wanted.title, *([bundle] if reached.has_model else [])]
    copies = [kept for folder in replaced if (kept := backups.keep(folder, home / "backups"))]
    if not json:
        for one in copies:
            when = "copied to" if one.fresh else "unchanged since the copy in"
            console.err.print(f"{_short(one.source)}: {when} {_short(one.copy)}", markup=False, soft_wrap=True)
    with watching(quiet=json) as watcher:
        watcher.begin("platform", "starting")
        connection = backend_here().up(watcher.progress)
        material = checkpoints.Material(PAYMENTS, rows or ROWS, bundle, home / "stage")
        checkpoints.reach(connection, reached, material, watcher)
    if json:
        console.print_json({"stage": wanted.title, "holds": reached.holds, "backups": [asdict(one) for one in copies]})
        return
    console.out.print(f"Ready for {wanted.title}: {'; '.join(reached.holds)}.", markup=False)
    if reached.has_model:
        console.out.print(f"The model: {_short(bundle)}", markup=False, soft_wrap=True)
    if reached.number > 1:
        console.out.print(
            "The first cells of the chapter make the same; leave out those that send payments, or they are there "
            f"twice. To run the chapter from its first cell: workshop stage {wanted.number:02} --empty"
        )
    console.out.print("Look into it: workshop topics")


def _short(path: Path) -> str:
    """As seen from here, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
