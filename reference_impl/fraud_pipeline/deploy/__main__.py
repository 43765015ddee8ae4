"""Runs one scorer until it is told to stop: ``python -m fraud_pipeline.deploy --bundle DIRECTORY``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from confluent_kafka import KafkaException

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from fraud_pipeline.deploy.service import serve
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.train.bundle import load_bundle


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, load the bundle, score. Gives the exit code: 0, or 1 after one line of error."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would tell of every schema that is fetched
    connection = replace(
        Connection.from_environment(), bootstrap_servers=given.bootstrap_servers, registry_url=given.registry_url
    )
    options = ScorerOptions(
        source=given.source,
        scores=given.scores,
        alerts=given.alerts,
        group=given.group,
        instance=given.instance,
        delivery=given.delivery,
        max_rows=given.max_rows,
        stop_at_end=given.stop_at_end,
    )
    try:
        serve(connection, load_bundle(given.bundle), options, given.metrics_port)
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KafkaException as error:
        sys.stderr.write(f"error: Kafka at {connection.bootstrap_servers}: {error.args[0].str()}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    here, usual = Connection.from_environment(), ScorerOptions()
    parser = argparse.ArgumentParser(
        prog="python -m fraud_pipeline.deploy",
        description="Score payments from a topic; write scores and alerts to two others. "
        "Start several with different --instance to share the partitions. Stops on SIGTERM or Ctrl-C.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--bundle", type=Path, required=True, help="folder that training has written")
    parser.add_argument("--bootstrap-servers", default=here.bootstrap_servers, help="Kafka")
    parser.add_argument("--registry-url", default=here.registry_url, help="Schema Registry")
    parser.add_argument("--source", default=usual.source, help="topic with the preprocessed payments")
    parser.add_argument("--scores", default=usual.scores, help="topic for the scores")
    parser.add_argument("--alerts", default=usual.alerts, help="topic for the alerts")
    parser.add_argument("--group", default=usual.group, help="consumer group")
    parser.add_argument("--instance", default=usual.instance, help="name among the scorers of the group")
    parser.add_argument("--delivery", choices=("exactly-once", "at-least-once"), default=usual.delivery)
    parser.add_argument("--max-rows", type=_positive, default=usual.max_rows, help="payments in a micro-batch")
    parser.add_argument("--stop-at-end", action="store_true", help="stop after what is there at the start")
    parser.add_argument("--metrics-port", type=int, help="serve Prometheus metrics on this port of 127.0.0.1")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
