"""Hostile submissions: no undeserved point, no damage, and the other task is graded as if nothing had been."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.workshop.grading.assignment import ANSWERS, submission
from tests.workshop.grading.conftest import Grade
from workshop.assignments.source import Assignment

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
