"""``workshop streams-scorer``: the detector in a Kafka Streams application."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from workshop import places, streams_scorer
from workshop.cli import console
from workshop.stack import connection

app = typer.Typer()


@app.command("streams-scorer", context_settings={"allow_extra_args": True})
def run(
    context: typer.Context,
    bundle: Annotated[Path, typer.Option(help="Folder that training has written.", exists=True, file_okay=False)],
) -> None:
    """Score payments with the Kafka Streams application (Java) until Ctrl-C; no JDK is needed.

    Compiles reference_impl/kafka_streams_scorer the first time. What stands after -- goes to the application:
    workshop streams-scorer --bundle … -- --help lists its options.
    """
    here = connection(places.home())
    with console.steps() as report:

        def progress(done: int, total: int) -> None:
            report(f"fetching jars: {done} of {total}" if done < total else "compiling")

        java = streams_scorer.compiled(places.cache(), progress)
    command = streams_scorer.command(java, here, bundle.absolute(), places.home(), *context.args)
    os.execv(command[0], command)  # signals and the exit code are then the application's own
