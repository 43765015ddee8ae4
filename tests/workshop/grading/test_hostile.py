"""Hostile submissions: no undeserved point, no damage, and the other task is graded as if nothing had been."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil
import pytest

from tests.workshop.grading.assignment import ANSWERS, SECRET, submission
from tests.workshop.grading.conftest import Grade
from workshop.assignments.source import Assignment
from workshop.grading import broker, results
from workshop.grading.course import ENDED
from workshop.grading.job import Cell, Job
from workshop.grading.results import WITHHELD_DETAIL, public
from workshop.grading.session import WITHHELD
from workshop.grading.zygote import Zygote

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.py"))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_hostile_code_earns_nothing_and_harms_nothing(path: Path, grade: Grade, assignment: Assignment) -> None:
    code = path.read_text()
    wanted = float(code.partition("# points: ")[2].split()[0])

    reports = grade(submission(assignment, {**ANSWERS, "t1": code}), timeout=3 if "# never ends" in code else 60)

    assert reports["t1"].score == wanted, reports["t1"]
    assert reports["t2"].score == 4, reports["t2"]


def test_an_honest_solution_earns_everything_whatever_it_prints(grade: Grade, assignment: Assignment) -> None:
    noisy = "import sys\nprint('so', file=sys.stderr)\nimport math"

    reports = grade(submission(assignment, ANSWERS, first=noisy))

    assert [report.score for report in reports.values()] == [4, 4]


def test_the_released_notebook_earns_nothing(grade: Grade, assignment: Assignment) -> None:
    reports = grade(submission(assignment, {}))

    assert [report.score for report in reports.values()] == [0, 0]
    assert {report.status for report in reports.values()} == {"not attempted"}


def test_a_network_of_this_machine_cannot_be_reached(grade: Grade, assignment: Assignment) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0)
        port = server.getsockname()[1]
        connect = f"socket.create_connection(('127.0.0.1', {port}), 2)"
        code = f"import socket\ndef double(value):\n    {connect}\n    return 2 * value"

        reports = grade(submission(assignment, {**ANSWERS, "t1": code}))

        assert "ConnectionRefusedError" in reports["t1"].items[0].detail
        with pytest.raises(BlockingIOError):
            server.accept()


def test_what_a_learner_reads_of_memory_holds_no_hidden_test(grade: Grade, assignment: Assignment) -> None:
    # The pattern does not match itself.
    search = """
import re
def double(value):
    if value != 1:
        return 2 * value
    with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(one, 16) for one in span.split('-'))
            if rights.startswith('rw') and end - start < 2**26:
                memory.seek(start)
                if re.search(b'Look at m[a]ny', memory.read(end - start)):
                    return 'found'
    return 2
"""
    reports = grade(submission(assignment, {**ANSWERS, "t1": search}), timeout=60)

    assert reports["t1"].score == 4, reports["t1"]


WALKS = """
from workshop.checks import Task

task = Task("t1", points=4)
task.equal("items", lambda: [one for one in double(1)], [2], "Look at the items.")
task.that("rows", lambda: len(double(2).tolist()) == 1, "Look at the rows.")
task.that("columns", lambda: len(double(3).to_numpy().tolist()) == 1, "Look at the columns.")
task.score()
"""


@pytest.mark.parametrize(
    "answer",
    [
        "def double(value):\n    while True:\n        yield 2",
        "def double(value):\n    while True:\n        yield b'x' * 2**27",
        "import numpy\n\ndef double(value):\n    return numpy.empty((10**12, 0))",
        "import pandas\n\ndef double(value):\n    return pandas.DataFrame(index=range(10**12))",
    ],
    ids=["items", "large items", "rows of nothing", "frame of nothing"],
)
def test_an_answer_that_nobody_can_walk_through_costs_its_task_only(
    answer: str, zygote: Zygote, assignment: Assignment
) -> None:
    second = assignment.task("t2").graded_source
    cells = [Cell("t1", answer), Cell("t1-check", WALKS, 4), Cell("t2", ANSWERS["t2"]), Cell("t2-check", second, 4)]

    reports, _ = results.of(assignment, zygote.grade(Job(cells, 3, True, False, 9092), 120))

    assert [report.score for report in reports] == [0, 4], reports


WAITS = """
import psutil
from confluent_kafka import Producer
from workshop.checks import Task

task = Task("t1", points=4)
kafka = task.kafka()
for process in psutil.process_iter():
    if process.name() == "java":
        process.kill()
producer = Producer(kafka.kafka())
producer.produce("payments", b"")
producer.flush()  # which Kafka's client does not give up for five minutes
task.that("it comes to its end", lambda: True, "This is right.")
task.score()
"""


def test_a_check_that_waits_for_a_kafka_which_has_ended_is_given_up(zygote: Zygote, assignment: Assignment) -> None:
    broker.prepare()
    second = assignment.task("t2").graded_source
    cells = [Cell("t1-check", WAITS, 4), Cell("t2", ANSWERS["t2"]), Cell("t2-check", second, 4)]

    reports, _ = results.of(assignment, zygote.grade(Job(cells, 2, True, True, 9092), 240))

    assert [report.score for report in reports] == [0, 4], reports
    assert ENDED in reports[0].items[0].detail


def test_a_probe_that_was_replaced_is_not_used(zygote: Zygote, assignment: Assignment) -> None:
    answer = """
import sys
from workshop.checks import probes

probes.arguments_after = lambda function, arguments: arguments
sys.modules["workshop.checks.probes"] = None

def double(values):
    values.append(2)
"""
    check = """
from workshop.checks import Task

task = Task("t1", points=4)
task.equal("given", lambda: task.probe("arguments_after", double, [[1]]), [[1]], "The list was changed.")
task.score()
"""
    cells = [Cell("t1", answer), Cell("t1-check", check, 4)]

    reports, _ = results.of(assignment, zygote.grade(Job(cells, 60, True, False, 9092), 300))

    assert reports[0].score == 0
    assert "The list was changed." in reports[0].items[0].message


def test_an_error_in_the_hidden_part_of_a_check_is_not_shown(zygote: Zygote, assignment: Assignment) -> None:
    check = assignment.task("t1").graded_source
    where = next(line for line in check.splitlines() if SECRET in line)
    broken = check.replace(where, f"assert double({SECRET}) == 5, double({SECRET})")
    job = Job([Cell("t1", ANSWERS["t1"]), Cell("t1-check", broken, 4)], 60, True, False, 9092)

    (report, _), _ = results.of(assignment, zygote.grade(job, 300))

    assert str(2 * int(SECRET)) in report.items[0].detail
    shown = public(report)
    assert "hidden checks: 0 of 1 passed" in shown.items[0].what
    assert str(2 * int(SECRET)) not in str(shown)


def test_what_is_printed_while_hidden_tests_run_is_shown_to_nobody(zygote: Zygote, assignment: Assignment) -> None:
    answer = "def double(value):\n    print('given', value)\n    return 2 * value"
    check = assignment.task("t1").graded_source
    job = Job([Cell("t1", answer), Cell("t1-check", check, 4), Cell("after", "print('after')")], 60, True, False, 9092)

    reports, printed = results.of(assignment, zygote.grade(job, 300))

    assert reports[0].score == 4
    assert printed == {"after": WITHHELD}


def test_inputs_of_hidden_tests_are_not_told_by_later_cells(zygote: Zygote, assignment: Assignment) -> None:
    keeps = "given = []\n\ndef double(value):\n    given.append(value)\n    return 2 * value\n\nprint('before')"
    cells = [
        Cell("t1", keeps),
        Cell("t1-check", assignment.task("t1").graded_source, 4),
        Cell("prints", "print(given)"),
        Cell("raises", "raise ValueError(given)"),
        Cell("names", "raise type(f'Given{given}', (KeyError,), {})"),
    ]

    _, printed = results.of(assignment, zygote.grade(Job(cells, 60, True, False, 9092), 300))

    assert SECRET not in str(printed)
    assert printed["t1"] == "before\n"
    assert printed["prints"] == WITHHELD
    assert "ValueError (" in printed["raises"]
    assert "KeyError (" in printed["names"]


def test_inputs_of_hidden_tests_are_not_told_by_later_answers(zygote: Zygote, assignment: Assignment) -> None:
    keeps = "given = []\n\ndef double(value):\n    given.append(value)\n    return 2 * value"
    checks = {task.name: task.graded_source for task in assignment.tasks}
    tells = ("return str(given)", "raise ValueError(given)", "raise SystemExit(given)")
    for body in tells:
        cells = [
            Cell("t1", keeps),
            Cell("t1-check", checks["t1"], 4),
            Cell("t2", f"def square(value):\n    {body}"),
            Cell("t2-check", checks["t2"], 4),
        ]

        (first, second), _ = results.of(assignment, zygote.grade(Job(cells, 60, True, False, 9092), 300))

        assert SECRET in str(second)
        assert SECRET not in str(public(second))
        assert WITHHELD_DETAIL in str(public(second))
        assert "Look at one." in str(public(second))
        assert first.score == 4


def test_before_any_hidden_test_the_learner_sees_what_came(zygote: Zygote, assignment: Assignment) -> None:
    cells = [Cell("t1", "def double(value):\n    return 3"), Cell("t1-check", assignment.task("t1").graded_source, 4)]

    (report, _), _ = results.of(assignment, zygote.grade(Job(cells, 60, True, False, 9092), 300))

    assert "expected 2 (int), came 3 (int)" in str(public(report))


CRASHES_ONCE = """
import os, pathlib, signal

def crash_once(place):
    crashed = pathlib.Path({folder!r}, place)
    if not crashed.exists():
        crashed.touch()
        os.kill(os.getpid(), signal.SIGABRT)

{in_the_cell}
def double(value):
    {in_the_function}
    return 2 * value
"""


@pytest.mark.parametrize("place", ["in_the_cell", "in_the_function"])
def test_a_crash_of_a_compiled_library_costs_nothing(
    place: str, zygote: Zygote, assignment: Assignment, tmp_path: Path
) -> None:
    crash = {"in_the_cell": "", "in_the_function": "", place: "crash_once('once')"}
    answer = CRASHES_ONCE.format(folder=str(tmp_path), **crash)
    check = assignment.task("t1").graded_source
    # Without a sandbox, whose files would be gone with the process.
    job = Job([Cell("t1", answer), Cell("t1-check", check, 4)], 60, False, False, 9092)

    (report, _), _ = results.of(assignment, zygote.grade(job, 300))

    assert Path(tmp_path, "once").exists()
    assert report.score == 4, report


def test_the_second_try_after_a_crash_tells_no_input_of_the_first(
    zygote: Zygote, assignment: Assignment, tmp_path: Path
) -> None:
    answer = f"""
import os, pathlib

given = pathlib.Path({str(tmp_path)!r}, "given")

def double(value):
    if given.exists():
        return given.read_text()
    if value == {SECRET}:
        given.write_text(str(value))
        os._exit(0)
    return 2 * value
"""
    check = assignment.task("t1").graded_source
    job = Job([Cell("t1", answer), Cell("t1-check", check, 4)], 60, False, False, 9092)

    (report, _), _ = results.of(assignment, zygote.grade(job, 300))

    assert SECRET in str(report)
    assert SECRET not in str(public(report))
    assert report.score == 0


def test_a_group_that_does_not_answer_is_ended(zygote: Zygote) -> None:
    job = Job([Cell("t1-check", "while True:\n    pass", 4)], 60, True, False, 9092)
    before = {process.pid for process in psutil.Process().children(recursive=True)}

    result = zygote.grade(job, patience=3)

    assert "ended early" in result["error"]
    started = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
    _, alive = psutil.wait_procs(started, timeout=60)
    assert alive == []
