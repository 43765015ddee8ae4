"""How the command speaks: colours and tables on a terminal, plain text in a pipe, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from confluent_kafka import KafkaException
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fraud_pipeline.errors import PipelineError
from workshop.errors import WorkshopError

out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def print_json(value: object) -> None:
    """Print ``value`` as indented JSON and nothing else."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None) -> None:
    """Print rows: a drawn table on a terminal, tab-separated lines in a pipe."""
    if not out.is_terminal:
        for row in [columns, *rows]:
            out.print("\t".join(map(str, row)), markup=False)
        return
    table = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    out.print(table)


def good(text: str) -> Text:
    return Text(text, "green")


def bad(text: str) -> Text:
    return Text(text, "bold red")


@contextmanager
def steps(quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is happening now: a spinner on a terminal, a line each in a pipe."""
    if quiet:
        yield lambda line: None
    elif err.is_terminal:
        with err.status("") as status:
            yield lambda line: status.update(line)
    else:
        yield lambda line: err.print(line, markup=False)


@contextmanager
def readable_errors() -> Iterator[None]:
    """Turn an error that the user can act on into a message, a hint and exit code 1; Ctrl-C into 130."""
    try:
        yield
    except WorkshopError as error:
        _print_error(str(error))
        if error.hint:
            err.print(Text.assemble(("What to do: ", "bold"), error.hint))
        raise SystemExit(1) from error
    except PipelineError as error:
        _print_error(str(error))
        raise SystemExit(1) from error
    except KafkaException as error:
        _print_error(f"Kafka: {error.args[0].str()}")
        err.print("[bold]What to do:[/bold] `workshop status` shows whether it is up; `workshop up` starts it.")
        raise SystemExit(1) from error
    except KeyboardInterrupt as interrupt:
        err.print("Interrupted.")
        raise SystemExit(130) from interrupt


def _print_error(message: str) -> None:
    err.print(Text.assemble(("Error: ", "bold red"), message))
