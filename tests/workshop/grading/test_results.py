"""Results of grading as values."""

from __future__ import annotations

from workshop.checks.outcomes import Item, Status, TaskReport
from workshop.grading.intake import Learner
from workshop.grading.results import Graded

THIRD = (Item("one", Status.CORRECT), Item("two", Status.INCORRECT), Item("three", Status.INCORRECT))


def test_points_are_summed_to_the_cent() -> None:
    # As floating-point numbers 0.67 + 1.33 + 5.12 + 1.33 + 8.24 make 16.689999999999998.
    points = (2.0, 4.0, 15.36, 4.0, 24.72)
    tasks = tuple(TaskReport(f"t{number}", most, THIRD) for number, most in enumerate(points, 1))
    graded = Graded(Learner("ada", "Ada"), "fingerprint", tasks, (), {}, 1.0)
    assert sum(task.score for task in tasks) != 16.69
    assert graded.score == 16.69
