"""``workshop demo`` and ``workshop bench``: the whole pipeline in one run, and how fast it is."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.cli import console
from workshop.cli.console import Json
from workshop.cli.stack import BackendName, BackendOption, Bootstrap, KsqlUrl, RegistryUrl, choose_backend
from workshop.cli.watch import watching
from workshop.errors import WorkshopError
from workshop.stack import EmbeddedStack
from workshop.stack.jars import JarError

if TYPE_CHECKING:
    from fraud_pipeline.monitor.run import RunReport

app = typer.Typer()

_SYNTHETIC_ROWS = 30_000
_AT_REST = 0.1  # the share of the processors that an idle desktop may take


@app.command()
def demo(
    data: Annotated[
        str,
        typer.Option(
            help="A file of payments (Kaggle/ULB's 31 columns or the pipeline's 34; CSV, gzip, zip or Parquet), "
            "'synthetic' to make them up, or 'openml' to fetch the real ones.",
            metavar="FILE|synthetic|openml",
        ),
    ] = "synthetic",
    rows: Annotated[int | None, typer.Option(min=1, help="Read only the first N payments.", metavar="N")] = None,
    report: Annotated[Path, typer.Option(help="Folder for report.html and report.json.")] = Path("report"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same payments and the same model.")] = 0,
    live_rate: Annotated[float, typer.Option(min=1, help="Live payments a second, for the latency.")] = 500,
    backend: BackendOption = BackendName.embedded,
    bootstrap_servers: Bootstrap = Connection.bootstrap_servers,
    ksql_url: KsqlUrl = Connection.ksql_url,
    registry_url: RegistryUrl = Connection.registry_url,
    json: Json = False,
) -> None:
    """Run the whole pipeline once: ingest, preprocess, prepare, train, deploy, monitor; then write the report.

    Starts the streaming platform if it is not up, and leaves it up, so that you can look into its topics. What an
    earlier demo has written is removed first.
    """
    # Imported late: scikit-learn and its friends take seconds, which --help and an unreadable file need not.
    from fraud_pipeline.transactions.named import open_source

    source = open_source(data, seed)
    # A file that holds no payments is told before anything is started.
    if next(source.blocks(1), None) is None:
        raise WorkshopError(f"{data} has a header and no payments.", hint="Check the file, or take --data synthetic.")

    from fraud_pipeline.monitor.report import as_dict, write_report
    from fraud_pipeline.train import TrainSettings
    from workshop import demo as demonstration
    from workshop.streams_scorer import fetched

    wanted = rows or (_SYNTHETIC_ROWS if data == "synthetic" else None)
    platform = choose_backend(backend, False, bootstrap_servers, ksql_url, registry_url)
    options = demonstration.DemoOptions(
        source, places.home() / "demo", wanted, live_rate=live_rate, training=TrainSettings(seed=seed)
    )
    with watching(quiet=json) as watcher:
        watcher.begin("platform", "starting")
        began = time.perf_counter()
        connection = platform.up(watcher.progress)
        if isinstance(platform, EmbeddedStack):
            with suppress(JarError):  # the demo goes without; with them, nothing in the book needs a network any more
                fetched(places.cache())
        watcher.end(
            f"Kafka on {connection.bootstrap_servers}, KSQL on {connection.ksql_url}", time.perf_counter() - began
        )
        run = demonstration.run(connection, options, watcher)
    paths = write_report(run, report)
    if json:
        console.print_json(as_dict(run))
        return
    _show(run)
    console.out.print(f"\nThe report: {paths.html.resolve().as_uri()}", soft_wrap=True)
    console.out.print(f"The same figures for programs: {paths.json}")
    console.out.print("The platform is still up. Look into it: workshop topics. Stop it: workshop down.")


def _show(run: RunReport) -> None:
    """The figures that matter, as tables."""
    records = asdict(run.records)
    console.print_table(list(records), [[f"{count:,}" for count in records.values()]], title="Records")
    rows = [
        (model.name, *(_figure(value) for value in asdict(model.figures).values()))
        for model in (run.model.chosen, *run.model.baselines)
    ]
    console.print_table(["detector", "AUROC", "AUPRC at 0.173 % frauds", "AUPRC"], rows, title="On later payments")
    if run.latency:
        console.out.print(
            f"From sending a payment to its score being readable: p50 {run.latency.p50:.0f} ms, "
            f"p99 {run.latency.p99:.0f} ms, at {run.live_rate:g} payments a second"
        )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


@app.command()
def bench(json: Json = False) -> None:
    """Measure the pipeline: ingestion, scoring, throughput and latency, as ratios where there is a peer.

    Latency is measured for both ways to deliver: exactly once (latency_ms, the default) and at least once
    (latency_at_least_once_ms). Runs on a platform of its own for some minutes; other programs should rest meanwhile.
    """
    from workshop.bench import suite
    from workshop.bench.pipeline import LIVE_RATE, WARM_UP_SECONDS

    with console.steps(quiet=json) as report:
        figures = suite.run(places.cache(), report)
    latency, other = figures.pipeline.latency, figures.pipeline.at_least_once
    rate = figures.pipeline.records_per_second
    if json:
        console.print_json(
            {
                "ingestion": asdict(figures.ingestion),
                "scoring": asdict(figures.scoring),
                "pipeline": {
                    "records_per_second": rate,
                    "share_of_ingestion": rate / figures.ingestion.ours,
                    "latency_ms": {"p50": latency.p50, "p99": latency.p99},
                    "latency_at_least_once_ms": {"p50": other.p50, "p99": other.p99},
                    "latency_at_payments_per_second": LIVE_RATE,
                    "latency_after_seconds_of_warm_up": WARM_UP_SECONDS,
                },
                "processors_busy_before": figures.busy,
            }
        )
        return
    rows = [
        (ratio.what, f"{ratio.ours:,.0f}", ratio.peer_name, f"{ratio.peer:,.0f}", f"{ratio.ratio:,.2f}", ratio.unit)
        for ratio in (figures.ingestion, figures.scoring)
    ]
    console.print_table(["what", "ours", "peer", "the peer's", "ratio", "unit"], rows)
    console.out.print(f"Whole pipeline: {rate:,.0f} payments/s, {rate / figures.ingestion.ours:.2f} of ingestion alone")
    console.out.print(
        f"From payment to alert at {LIVE_RATE:,.0f}/s, after {WARM_UP_SECONDS:.0f} s: "
        f"p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms exactly once; "
        f"p50 {other.p50:.0f} ms, p99 {other.p99:.0f} ms at least once"
    )
    if figures.busy > _AT_REST:
        console.err.print(
            f"Other programs, perhaps a platform that is up, used {figures.busy:.0%} of the processors: "
            "latencies are longer than on a machine at rest.",
            style="yellow",
        )
