"""A tiny made-up assignment, and submissions to it."""

from __future__ import annotations

from pathlib import Path

import nbformat

from workshop.assignments import release, source
from workshop.assignments.source import Assignment

SECRET = "73190264"
"""Stands in a hidden test and nowhere else."""

_TASK = """## {name}

```{{code-cell}} ipython3
---
nbgrader: {{grade: false, grade_id: {name}, locked: false, schema_version: 3, solution: true, task: false}}
---
def {function}(value):
    ### BEGIN SOLUTION
    return {answer}
    ### END SOLUTION
```

```{{code-cell}} ipython3
---
nbgrader:
  {{grade: true, grade_id: {name}-check, locked: true, points: 4, schema_version: 3, solution: false, task: false}}
---
from workshop.checks import Task

task = Task("{name}", points=4)
task.equal("one", lambda: {function}(1), {one}, "Look at one.")
task.that("two", lambda: {function}(2) == {two}, "Look at two.")
### BEGIN HIDDEN TESTS
task.equal("many", lambda: {function}({secret}), {secret_answer}, "Look at many.")
task.that("many again", lambda: {function}({secret}) == {secret_answer}, "Look at many again.")
### END HIDDEN TESTS
task.score()
```
"""

_HEAD = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
workshop: {minutes: 1}
---

# Tiny

```{code-cell} ipython3
import math
```

"""

ANSWERS = {"t1": "def double(value):\n    return 2 * value", "t2": "def square(value):\n    return value**2"}


def make(root: Path) -> Assignment:
    """Write the source below ``root`` and read it."""
    folder = root / "99-tiny"
    folder.mkdir(parents=True)
    secret = int(SECRET)
    double = {"name": "t1", "function": "double", "answer": "2 * value", "one": 2, "secret_answer": 2 * secret}
    square = {"name": "t2", "function": "square", "answer": "value**2", "one": 1, "secret_answer": secret**2}
    tasks = [_TASK.format(**task, two=4, secret=SECRET) for task in (double, square)]
    (folder / "99-tiny.md").write_text(_HEAD + "\n".join(tasks), encoding="utf-8")
    return source.read(folder)


def submission(assignment: Assignment, answers: dict[str, str], first: str = "import math") -> nbformat.NotebookNode:
    """A released notebook with ``answers`` in its solution cells and ``first`` as its first code cell."""
    notebook = release.notebook_of(assignment)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[0].source = first
    for cell in code:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    return notebook
