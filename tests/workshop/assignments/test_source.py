"""What is wrong with an assignment's source, told to its authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workshop.grading import assignment as tiny
from workshop.assignments import source


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rows = np.zeros(3)", "t1: the check uses np without an import of its own"),
        ("from math import sqrt as square", "t1: the check puts its own square in the place of the answer's"),
        ("def double(value): return 2 * value", "t1: the check puts its own double in the place of the answer's"),
    ],
)
def test_names_that_a_check_and_an_answer_would_take_from_one_another_are_told(
    line: str, told: str, tmp_path: Path
) -> None:
    folder = tiny.make(tmp_path).folder
    path = folder / f"{folder.name}.md"
    assert [problem for problem in source.read(folder).problems() if "the check" in problem] == []

    path.write_text(path.read_text().replace('task = Task("t1"', f'{line}\ntask = Task("t1"'))

    assert told in source.read(folder).problems()
