"""``workshop up``, ``down``, ``status``, ``reset``: the local streaming platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.cli import console
from workshop.cli.console import Json
from workshop.errors import NoStackError, StackError
from workshop.stack import Backend, DockerStack, EmbeddedStack, ExternalStack, ServiceStatus, recorded_backend

app = typer.Typer()


class BackendName(StrEnum):
    embedded = "embedded"
    external = "external"
    docker = "docker"


BackendOption = Annotated[
    BackendName,
    typer.Option(
        help="embedded: real Kafka and the KSQL server as processes here. external: servers that run elsewhere. "
        "docker: the containers of docker-compose.yml.",
    ),
]
Bootstrap = Annotated[
    str, typer.Option(help="Kafka's address (external).", envvar="WORKSHOP_BOOTSTRAP_SERVERS", metavar="HOST:PORT")
]
KsqlUrl = Annotated[str, typer.Option(help="The ksqlDB server (external).", envvar="WORKSHOP_KSQL_URL", metavar="URL")]
RegistryUrl = Annotated[
    str, typer.Option(help="The Schema Registry (external).", envvar="WORKSHOP_REGISTRY_URL", metavar="URL")
]
Udf = Annotated[
    list[str] | None,
    typer.Option(
        help="A Python file or module whose functions KSQL queries may call (embedded); may be repeated.",
        metavar="FILE_OR_MODULE",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless it fails.")]


@app.command()
def up(
    backend: BackendOption = BackendName.embedded,
    connect: Annotated[bool, typer.Option("--connect", help="Also run a Kafka Connect worker (embedded).")] = False,
    bootstrap_servers: Bootstrap = Connection.bootstrap_servers,
    ksql_url: KsqlUrl = Connection.ksql_url,
    registry_url: RegistryUrl = Connection.registry_url,
    udf: Udf = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Start the streaming platform, or find that it runs already.

    Safe to repeat. Returns when every service answers. Data stays under .workshop/ until `workshop reset`.
    """
    chosen = choose_backend(backend, connect, bootstrap_servers, ksql_url, registry_url, udf or ())
    with console.steps(quiet or json) as report:
        chosen.up(report)
    if not quiet:
        _show(chosen, chosen.status(), json)


@app.command()
def down(quiet: Quiet = False) -> None:
    """Stop the streaming platform; its data stays."""
    try:
        backend = recorded_backend(places.home(), places.cache())
    except NoStackError:
        if not quiet:
            console.out.print("No stack is up.")
        return
    with console.steps(quiet) as report:
        backend.down(report)
    if not quiet:
        console.out.print("The stack is down; its data is kept.")


@app.command()
def status(json: Json = False) -> None:
    """Show what runs, where, and whether it answers. Exit code 1 when something does not."""
    backend = recorded_backend(places.home(), places.cache())
    services = backend.status()
    _show(backend, services, json)
    if not all(service.healthy for service in services):
        raise typer.Exit(1)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Stop the streaming platform and delete its topics, schemas and logs."""
    backend = backend_here()
    if not yes:
        typer.confirm(f"Delete all topics, schemas and logs of the {backend.name} stack?", abort=True)
    with console.steps() as report:
        backend.reset(report)
    console.out.print("The stack is down and its data is gone.")


def backend_here() -> Backend:
    """The stack that is up, whichever it is; else the embedded one."""
    try:
        return recorded_backend(places.home(), places.cache())
    except NoStackError:
        return EmbeddedStack(places.home(), places.cache())


def choose_backend(
    name: BackendName,
    connect: bool = False,
    bootstrap_servers: str = Connection.bootstrap_servers,
    ksql_url: str = Connection.ksql_url,
    registry_url: str = Connection.registry_url,
    udfs: Sequence[str] = (),
) -> Backend:
    """The backend that the options of a command describe."""
    if udfs and name is not BackendName.embedded:
        raise StackError(
            f"--udf is for the embedded stack; with {name.value} the functions are the KSQL server's own matter.",
            hint="Leave --udf out, or start your server with its own: pocket-ksql server --udf FILE",
        )
    match name:
        case BackendName.docker:
            return DockerStack(places.home())
        case BackendName.external:
            client = Connection.from_environment().client
            connection = Connection(bootstrap_servers, ksql_url.rstrip("/"), registry_url.rstrip("/"), client=client)
            return ExternalStack(places.home(), connection)
        case _:
            return EmbeddedStack(places.home(), places.cache(), connect=connect, udfs=[_lasting(udf) for udf in udfs])


def _lasting(udf: str) -> str:
    """The name of a file or module that means the same in every folder."""
    return str(Path(udf).resolve()) if udf.endswith(".py") else udf


def _show(backend: Backend, services: list[ServiceStatus], json: bool) -> None:
    if json:
        console.print_json({"backend": backend.name, "services": [asdict(service) for service in services]})
        return
    rows = [
        (
            service.name,
            console.good("up") if service.healthy else console.bad("down"),
            service.address,
            service.pid or "",
            service.memory_mb or "",
            service.log or "",
        )
        for service in services
    ]
    console.print_table(["service", "state", "address", "pid", "MB", "log"], rows)
