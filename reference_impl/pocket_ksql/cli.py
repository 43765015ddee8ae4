"""The command ``pocket-ksql``: KSQL as a server, and its test files."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

app = typer.Typer(
    help="KSQL in one Python process: streams, tables and queries on Kafka.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, to stderr.")] = False,
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


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
) -> None:
    """Serve KSQL (and a Schema Registry) until SIGTERM or Ctrl-C.

    Everything is kept in Kafka: after a restart the same streams, tables and queries are there. Further
    settings for Kafka clients come from the environment: POCKET_KSQL_KAFKA_SASL_PASSWORD is sasl.password.
    """
    # Imported here, so that --help and `test` need not load Kafka's client and the web server.
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
    )

    def ready() -> None:
        typer.echo(f"KSQL            http://{host}:{port}")
        typer.echo(f"Schema Registry {settings.schema_registry}")

    try:
        run(settings, ready)
    except (BrokerUnreachableError, AddressInUseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
