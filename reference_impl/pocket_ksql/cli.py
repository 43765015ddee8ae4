"""The command ``pocket-ksql``: the prompt, KSQL as a server, and its test files."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pocket_ksql.guarantee import Guarantee

app = typer.Typer(
    help="KSQL in one Python process: streams, tables and queries on Kafka. Without a command: the prompt.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


URL_VARIABLE = "POCKET_KSQL_URL"
DEFAULT_URL = "http://127.0.0.1:8088"
_UNBROKEN = 100_000
"""The width of a line where there is no terminal."""

Statements = Annotated[
    list[str] | None,
    typer.Option("--execute", "-e", metavar="STATEMENT", help="Carry this out and leave; may be repeated."),
]
Script = Annotated[
    Path | None, typer.Option("--file", "-f", metavar="FILE", help="Carry out the statements of a file and leave.")
]


@app.callback()
def _options(
    context: typer.Context,
    execute: Statements = None,
    file: Script = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, to stderr.")] = False,
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if context.invoked_subcommand is None:
        context.invoke(prompt, url=os.environ.get(URL_VARIABLE, DEFAULT_URL), execute=execute, file=file)


@app.command("cli")
def prompt(
    url: Annotated[str, typer.Argument(help="The address of any ksqlDB server.", envvar=URL_VARIABLE)] = DEFAULT_URL,
    execute: Statements = None,
    file: Script = None,
) -> None:
    """Type statements at a prompt, or pipe them in: echo "SHOW STREAMS;" | pocket-ksql.

    At the prompt `help` says what can be done. The exit code is 1 when a statement is refused, 130 after Ctrl-C.
    """
    from rich.console import Console

    from pocket_ksql.prompt.client import Client, ServerAwayError
    from pocket_ksql.prompt.session import LeaveError, Session
    from pocket_ksql.prompt.terminal import converse

    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNBROKEN
    client = Client(url)
    try:
        if execute is None and file is None and sys.stdin.isatty():
            converse(client, console)
            return
        session = Session(client, console)
        done = True
        if file is not None:
            done = session.run_file(file)
        for text in execute or ():
            done = done and session.run(text if text.rstrip().endswith(";") else f"{text};")
        if execute is None and file is None:
            done = session.run(sys.stdin.read())
        if not done:
            raise typer.Exit(1)
    except LeaveError:
        return
    except OSError as error:
        typer.echo(f"{error.filename} cannot be read: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    except ServerAwayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(130) from error
    finally:
        client.close()


@app.command()
def server(
    bootstrap_servers: Annotated[
        str, typer.Option(help="Kafka's address.", envvar="POCKET_KSQL_BOOTSTRAP_SERVERS")
    ] = "127.0.0.1:9092",
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of KSQL's REST API.")] = 8088,
    registry_port: Annotated[int, typer.Option(help="The port of the server's own Schema Registry.")] = 8081,
    registry_url: Annotated[
        str | None, typer.Option(help="Use this Schema Registry instead of one of its own.")
    ] = None,
    service_id: Annotated[
        str, typer.Option(help="Servers with the same id share streams, tables and queries.")
    ] = "default_",
    udf: Annotated[
        list[str] | None,
        typer.Option(
            help="A Python file or module whose functions queries may call; may be repeated.",
            metavar="FILE_OR_MODULE",
            envvar="POCKET_KSQL_UDF",
        ),
    ] = None,
    processing_guarantee: Annotated[
        Guarantee,
        typer.Option(
            help="Whether a crash may lead to records that are processed twice; a query may choose for itself "
            "with SET 'processing.guarantee'='exactly_once_v2'.",
            envvar="POCKET_KSQL_PROCESSING_GUARANTEE",
        ),
    ] = Guarantee.AT_LEAST_ONCE,
    cache_bytes: Annotated[
        int,
        typer.Option(
            help="How many bytes of a table's changes a query gathers, the last of each key, before it lets them go "
            "every two seconds; 0 lets each go at once. A query may choose for itself with SET "
            "'cache.max.bytes.buffering'='0'.",
            min=0,
            envvar="POCKET_KSQL_CACHE_BYTES",
        ),
    ] = 10_000_000,
    connect_url: Annotated[
        str,
        typer.Option(
            help="The Kafka Connect worker that CREATE CONNECTOR and its like go to.",
            envvar="POCKET_KSQL_CONNECT_URL",
        ),
    ] = "http://localhost:8083",
) -> None:
    """Serve KSQL (and a Schema Registry) until SIGTERM or Ctrl-C.

    Everything is kept in Kafka: after a restart the same streams, tables and queries are there. Further
    settings for Kafka clients come from the environment: POCKET_KSQL_KAFKA_SASL_PASSWORD is sasl.password.
    """
    # Imported here, so that --help and `test` need not load Kafka's client and the web server.
    from pocket_ksql.functions.user import UdfError
    from pocket_ksql.kafka import BrokerUnreachableError, Kafka
    from pocket_ksql.server.serving import AddressInUseError, run
    from pocket_ksql.settings import Settings

    settings = Settings(
        kafka=Kafka.at(bootstrap_servers),
        host=host,
        port=port,
        registry_port=registry_port,
        registry_url=registry_url,
        service_id=service_id,
        udfs=tuple(udf or ()),
        processing_guarantee=processing_guarantee,
        cache_bytes=cache_bytes,
        connect_url=connect_url,
    )

    def ready() -> None:
        typer.echo(f"KSQL            http://{host}:{port}")
        typer.echo(f"Schema Registry {settings.schema_registry}")

    try:
        run(settings, ready)
    except (BrokerUnreachableError, AddressInUseError, UdfError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command("test")
def run_cases(
    files: Annotated[list[Path], typer.Argument(help="Files of cases, or folders of such files.", exists=True)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Run test files in the JSON format of ksqlDB's own query-validation tests, without Kafka.

    Prints what is different for each case that fails; the exit code is 1 when any does. The JSON object counts
    per area (a file is an area) too, and among the expected errors those raised with the expected words.
    """
    from pocket_ksql.testing import Status, load, run

    paths = [path for given in files for path in (sorted(given.glob("*.json")) if given.is_dir() else [given])]
    results = [run(case) for path in paths for case in load(path)]
    failed = [result for result in results if result.status is Status.FAILED]
    counts = {status.value: sum(result.status is status for result in results) for status in Status}
    if as_json:
        areas: dict[str, dict[str, int]] = {}
        for one in results:
            area = areas.setdefault(one.case.file, {status.value: 0 for status in Status})
            area[one.status.value] += 1
        words = [one.words_equal for one in results if one.words_equal is not None]
        errors = {"raised as expected": len(words), "words_equal": sum(words)}
        failures = [{"file": one.case.file, "name": one.case.name, "reason": one.reason} for one in failed]
        typer.echo(json.dumps({**counts, "errors": errors, "areas": areas, "failures": failures}, indent=2))
    else:
        for one in failed:
            typer.echo(f"FAILED {one.case.file}: {one.case.name}\n  {one.reason}")
        typer.echo(", ".join(f"{count} {status}" for status, count in counts.items()))
    if failed:
        raise typer.Exit(1)


@app.command("supported")
def print_supported(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page SUPPORTED.md.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the statements, functions and formats that are supported, and the statements that are refused."""
    from pocket_ksql import supported

    if markdown:
        typer.echo(supported.as_markdown(), nl=False)
    else:
        typer.echo(supported.as_json() if as_json else supported.as_text())


@app.command("bench")
def run_bench(
    records: Annotated[int, typer.Option(help="How many payments go through each query.", min=1_000)] = 20_000,
    bootstrap_servers: Annotated[
        str | None, typer.Option(help="Measure a server on this Kafka too, and the way through it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Measure how many records a second of CPU time queries take, without Kafka.

    Beside it stand loops over csv, orjson and fastavro and pandas on data frames, which do the same in one run, and
    what a ksqlDB 8.3.1 server was recorded to do on two cores, through Kafka: the last is an orientation only.
    With --bootstrap-servers a server is started too: seconds until it answers, its memory, and each query through
    Kafka, by the clock, beside the same loop between a consumer and a producer of confluent-kafka.
    The clock begins with the statement, so that with few records it shows mostly how long a query takes to begin.
    """
    from rich.console import Console

    from pocket_ksql.bench import measure
    from pocket_ksql.prompt.rows import listing

    results = measure.run_all(records)
    server_results = None
    if bootstrap_servers is not None:
        from pocket_ksql.bench.served import measure_server
        from pocket_ksql.errors import KsqlError

        try:
            server_results = asdict(measure_server(bootstrap_servers, records))
        except KsqlError as error:
            typer.echo(error.message, err=True)
            raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps({"core": measure.as_content(results), "server": server_results}, indent=2))
        return
    console = Console(highlight=False)
    heads = ["Query", "Records/s", "Hand-written loop", "pandas", "ksqlDB 8.3.1 (recorded)"]
    console.print(listing(heads, measure.as_rows(results)))
    if server_results is not None:
        rows = [
            [
                one["name"],
                f"{one['records_per_second']:,}",
                measure.beside(one["records_per_second"], one["loop"]),
                measure.beside(one["records_per_second"], one["recorded_ksqldb"]),
            ]
            for one in server_results.pop("queries")
        ]
        console.print(listing(["Through Kafka", "Records/s", "confluent-kafka loop", heads[-1]], rows))
        for name, value in server_results.items():
            typer.echo(f"{name.replace('_', ' ')}: {value}")


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
