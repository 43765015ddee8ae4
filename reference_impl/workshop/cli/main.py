"""The ``workshop`` command: its groups of sub-commands put together."""

from __future__ import annotations

import typer

from workshop import places
from workshop.cli import authors, console, data, demo, doctor, exercises, grade, learner, stack, stage, streams
from workshop.stack.processes import sigterm_as_exit

app = typer.Typer(
    name="workshop",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Streaming machine learning on your laptop: a real Kafka, KSQL, and a fraud detector between them.",
    epilog="New here? Run [bold]workshop doctor[/bold], then [bold]workshop demo[/bold].",
)
_GROUPS = (demo, stack, data, streams, doctor, learner, stage, exercises, authors, grade)
for group in _GROUPS:
    app.registered_commands += group.app.registered_commands


def main() -> None:
    """Run the command; errors that a user can act on end as a message, never as a traceback.

    SIGTERM ends a command as Ctrl-C does: what it has started for itself is stopped first.
    """
    places.keep_caches_together()
    with console.readable_errors(), sigterm_as_exit():
        app()
