"""What a check needs of the cells before it."""

from __future__ import annotations

from workshop.assignments.slicing import needed

EXAMPLE = """import uuid
from math import sqrt as root
topic = uuid.uuid4().hex
for record in [1, 2]:
    print(record)
def twice(x):
    return 2 * x
"""


def test_a_cell_that_binds_nothing_needed_is_left_out() -> None:
    assert needed([EXAMPLE], ["print([record for record in (1, 2)])"]) == [""]


def test_of_a_cell_only_the_import_or_function_that_is_used() -> None:
    assert needed([EXAMPLE], ["def answer(x):\n    return root(twice(x))"]) == [
        "from math import sqrt as root\ndef twice(x):\n    return 2 * x"
    ]


def test_a_cell_is_kept_whole_if_a_value_of_it_is_used() -> None:
    assert needed([EXAMPLE], ["topic.upper()"]) == [EXAMPLE]


def test_what_a_cell_binds_itself_is_not_looked_for() -> None:
    assert needed([EXAMPLE], ["topic = 'own'\ndef read():\n    return topic"]) == [""]
    assert needed([EXAMPLE], ["topic = topic + '2'"]) == [EXAMPLE]


def test_needs_are_followed_backwards() -> None:
    cells = ["import numpy as np", "data = np.zeros(3)", "unrelated = 1"]
    assert needed(cells, ["print(data)"]) == [cells[0], cells[1], ""]


def test_a_cell_that_is_no_python_gives_nothing() -> None:
    assert needed(["topic = (", "%time x = 1"], ["topic"])[0] == ""
