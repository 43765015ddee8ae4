"""The Kafka that is made ready for submissions."""

from __future__ import annotations

import subprocess

from workshop.grading import broker
from workshop.stack.kafka import KafkaService


def test_a_submissions_kafka_starts_from_classes_that_are_loaded_already() -> None:
    broker.prepare()
    java, *options = broker.made_ready().command(KafkaService.main, "--version")
    strict = [java, "-XX:AOTMode=on", *options]  # ends with an error where the cache is of no use
    done = subprocess.run(strict, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert any(option.startswith("-XX:AOTCache=") for option in options)
