"""Likeness of answers: what hides a copy, and what is alike without being one."""

from __future__ import annotations

import pytest

from workshop.assignments.source import Assignment
from workshop.grading import likeness

ANSWER = """
def double(value):
    total = 0
    for step in range(2):
        if step % 2 == 0:
            total += value
        else:
            total = total + value
    return total if total != 7 else 14 // 2
"""
RENAMED = """
import os, sys

def double(v):  # all mine
    'Nobody has written this before.'
    summe   =   0
    for i in range(2):
        # a comment
        if i % 2 == 0: summe += v
        else:
            summe = summe + v
    return (summe if summe != 7
            else 14 // 2)
"""
OTHER = """
def double(value):
    numbers = [value for _ in (1, 2)]
    assert len(numbers) == 2, "two of them"
    return sum(numbers, start=0) or max(numbers) * 2 - min(numbers) + abs(value) - value
"""


def _pairs(assignment: Assignment, **answers: str) -> list[tuple[str, str]]:
    found = likeness.pairs(assignment, {who: {"t1": code} for who, code in answers.items()})
    return [(pair.first, pair.second) for pair in found]


def test_other_names_comments_and_layout_hide_nothing(assignment: Assignment) -> None:
    assert _pairs(assignment, ada=ANSWER, bob=OTHER, eve=RENAMED) == [("ada", "eve")]


def test_what_the_solution_says_does_not_count(assignment: Assignment) -> None:
    solution = assignment.task("t1").solution

    assert _pairs(assignment, ada=solution, bob=solution) == []


@pytest.mark.parametrize(
    "code",
    ["", "def double(value:", "x = " + "(" * 5000, "+".join("a" * 9000), "\0", "%magic"],
    ids=["nothing", "half", "brackets", "long sum", "zero", "magic"],
)
def test_anything_can_be_compared(code: str, assignment: Assignment) -> None:
    _pairs(assignment, ada=code, bob=code, eve=ANSWER)


def test_texts_are_compared_by_their_words(assignment: Assignment) -> None:
    sql = "CREATE TABLE t AS SELECT user, COUNT(*) AS n FROM payments WINDOW TUMBLING (SIZE 5 MINUTES) GROUP BY user;"
    other = "CREATE STREAM s AS SELECT amount * 2 AS twice, IFNULL(city, 'none') AS city FROM a JOIN b ON a.id = b.id;"
    again = f'QUERY = """\n  {sql.lower()}\n"""'

    assert _pairs(assignment, ada=f"SQL = {sql!r}", bob=again, eve=f"SQL = {other!r}") == [("ada", "bob")]
