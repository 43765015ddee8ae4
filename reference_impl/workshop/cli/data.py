"""``workshop topics`` and ``workshop tail``: a look into Kafka."""

from __future__ import annotations

import json as jsonlib
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from workshop import places
from workshop.cli import console
from workshop.cli.console import Json
from workshop.stack import connection

if TYPE_CHECKING:
    from workshop.topic_reader import Decoded

app = typer.Typer()


@app.command()
def topics(
    all_topics: Annotated[
        bool, typer.Option("--all", "-a", help="Also topics that servers keep for themselves.")
    ] = False,
    json: Json = False,
) -> None:
    """List the topics with their partitions and records; among the records are also the markers of transactions."""
    from workshop import topic_reader  # the registry's client takes a second to import, which --help need not

    summaries = topic_reader.summarise(connection(places.home()), all_topics)
    if json:
        console.print_json([asdict(summary) for summary in summaries])
    else:
        console.print_table(["topic", "partitions", "records"], [(s.name, s.partitions, s.records) for s in summaries])


@app.command()
def tail(
    topic: Annotated[str, typer.Argument(help="The topic's name; `workshop topics` lists them.")],
    last: Annotated[int, typer.Option("--last", "-n", min=0, help="How many of the last records to show.")] = 10,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new records until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Show the last records of a topic, decoded: DELIMITED, JSON and Avro. With --json, one object a line."""
    from workshop import topic_reader

    for record in topic_reader.tail(connection(places.home()), topic, last, follow):
        if json:
            sys.stdout.write(jsonlib.dumps(asdict(record), default=str) + "\n")
            sys.stdout.flush()
        else:
            console.out.print(_line(record), soft_wrap=True)


def _line(record: Decoded) -> Text:
    value = record.value if isinstance(record.value, str) else jsonlib.dumps(record.value, default=str)
    line = Text(f"{record.partition}:{record.offset} {record.time} ", "dim")
    line.append(f"{record.key} ", "cyan").append(value, "default")
    if record.headers:
        line.append(f" {record.headers}", "yellow")
    return line
