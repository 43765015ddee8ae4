"""The ``workshop`` command: its groups of sub-commands put together."""

from __future__ import annotations

import typer

from workshop import places
from workshop.cli import authors, console, data, demo, doctor, exercises, grade, learner, stack, stage, streams

app = typer.Typer(
    name="workshop",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Streaming machine learning on your laptop: a real Kafka, KSQL, and a fraud detector between them.",
    epilog="New here? Run [bold]workshop doctor[/bold], then [bold]workshop demo[/bold].",
)
for group in (
    *(demo.app, stack.app, data.app, streams.app, doctor.app),
    *(learner.app, stage.app, exercises.app, authors.app, grade.app),
):
    app.registered_commands += group.registered_commands


def main() -> None:
    """Run the command; errors that a user can act on end as a message, never as a traceback."""
    places.keep_caches_together()
    with console.readable_errors():
        app()
