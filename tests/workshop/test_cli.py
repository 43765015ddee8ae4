"""The command as its users run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import dead_letter_headers, ensure_topics
from fraud_pipeline.transactions.schema import COLUMNS
from tests.workshop.conftest import Workshop, external


def lines_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_without_arguments_it_teaches(workshop: Workshop) -> None:
    help_text = workshop("--help").stdout
    for command in ("up", "down", "status", "reset", "doctor", "demo", "bench", "topics", "tail"):
        assert command in help_text


def test_a_mistyped_command_is_refused_with_the_near_one(workshop: Workshop) -> None:
    done = workshop("statu")
    assert done.returncode == 2
    assert "status" in done.stderr


@pytest.mark.parametrize("command", [("status",), ("topics",), ("tail", "payments")])
def test_without_a_stack_the_command_says_how_to_get_one(workshop: Workshop, command: tuple[str, ...]) -> None:
    done = workshop(*command)
    assert done.returncode == 1
    assert "workshop up" in done.stderr
    assert "Traceback" not in done.stderr


def test_down_without_a_stack_is_no_error(workshop: Workshop) -> None:
    assert workshop("down").returncode == 0


def test_doctor_answers_programs_in_json(workshop: Workshop) -> None:
    findings = json.loads(workshop("doctor", "--json").stdout)
    assert {"check", "verdict", "detail", "remedy"} == set(findings[0])


def test_an_external_platform_that_does_not_answer_is_named(workshop: Workshop) -> None:
    done = workshop("up", "--backend", "external", "--bootstrap-servers", "127.0.0.1:1")
    assert done.returncode == 1
    assert "kafka does not answer at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_grading_what_is_no_assignment_leaves_nothing_behind(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "handed-in").mkdir()
    out = tmp_path / "new" / "grades"
    solutions = Path(__file__).parents[2] / "solutions"
    folders = {"--submissions": tmp_path / "handed-in", "--out": out, "--solutions": solutions}
    paths = (str(word) for pair in folders.items() for word in pair)
    done = workshop("grade", "99", *paths, "--sandbox", "none")  # which there is everywhere
    assert done.returncode == 1
    assert "no assignment 99" in done.stderr
    assert not out.parent.exists()


def test_status_lists_what_answers(attached: Workshop) -> None:
    done = attached("status", "--json")
    assert done.returncode == 0
    assert {service["name"]: service["healthy"] for service in json.loads(done.stdout)["services"]} == {
        "kafka": True,
        "ksql": True,
        "registry": True,
    }


def test_topics_and_their_last_records_are_shown_decoded(
    attached: Workshop, platform: Connection, unique: Callable[[str], str]
) -> None:
    topic = unique("mixed")
    ensure_topics(platform, {topic: 1})
    producer = Producer(platform.kafka())
    producer.produce(topic, b"1,2.5,user_1", b"user_1", timestamp=1_377_993_600_000)
    producer.produce(topic, b'{"score": 3.5}', b"user_2", timestamp=1_377_993_601_000)
    headers = [*dead_letter_headers("V7: not a number", line=12)]
    producer.produce(topic, b"1,x", None, headers=headers, timestamp=1_377_993_602_000)
    window = b"user_3" + (1_377_993_600_000).to_bytes(8, "big")
    producer.produce(topic, None, window, timestamp=1_377_993_603_000)
    producer.flush()
    listed = {entry["name"]: entry for entry in json.loads(attached("topics", "--json").stdout)}
    assert listed[topic] == {"name": topic, "partitions": 1, "records": 4}
    text, parsed, letter, tombstone = lines_of(attached("tail", topic, "--json"))
    assert (text["format"], text["value"], text["key"]) == ("DELIMITED", "1,2.5,user_1", "user_1")
    assert text["time"] == "2013-09-01T00:00:00.000Z"
    assert (parsed["format"], parsed["value"]) == ("JSON", {"score": 3.5})
    assert letter["headers"] == {"dlq.reason": "V7: not a number", "dlq.line": "12"}
    assert (tombstone["format"], tombstone["key"]) == ("TOMBSTONE", "user_3 @ 2013-09-01T00:00:00.000Z")
    assert [entry["offset"] for entry in lines_of(attached("tail", topic, "--json", "-n", "2"))] == [2, 3]


def test_a_topic_that_is_not_there_is_named_with_those_that_are(attached: Workshop) -> None:
    done = attached("tail", "no-such-topic")
    assert done.returncode == 1
    assert "no-such-topic" in done.stderr
    assert "Topics here" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("other.csv", b"a,b\n1,2\n", "column"),
        ("head.csv", ",".join(COLUMNS).encode(), "no payments"),
        ("wide.csv", "Time,V1\n".encode("utf-16"), "UTF-16"),
        ("cut.csv.gz", b"\x1f\x8b\x08\x00", "damaged"),
        ("missing.csv", None, "missing.csv"),
    ],
)
def test_a_file_that_holds_no_payments_is_a_clear_error(
    attached: Workshop, platform: Connection, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    done = attached("demo", "--data", str(file), *external(platform))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
