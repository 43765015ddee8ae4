"""One zygote and one tiny assignment for all tests of grading."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import nbformat
import pytest

from tests.conftest import DOCKER_REQUIRED
from tests.workshop.grading import assignment as tiny
from workshop.assignments import release
from workshop.assignments.source import Assignment
from workshop.checks.outcomes import TaskReport
from workshop.grading import containers, repair, results, sandbox
from workshop.grading.containers import Containers
from workshop.grading.engines import Engine
from workshop.grading.job import Cell, Job
from workshop.grading.sandbox import Limits
from workshop.grading.zygote import Zygote

Grade = Callable[..., dict[str, TaskReport]]


@pytest.fixture(scope="session")
def sandboxes() -> None:
    """Tests that need a sandbox are skipped, saying why, where none can be made."""
    if reason := sandbox.why_unavailable():
        pytest.skip(f"no sandbox: {reason}")


@pytest.fixture(scope="session")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return tiny.make(tmp_path_factory.mktemp("solutions"))


@pytest.fixture(scope="session")
def zygote(sandboxes: None) -> Iterator[Zygote]:
    with Zygote() as started:
        started.prepare(tensorflow=False)
        started.wait()
        yield started


@pytest.fixture(scope="session")
def docker_sandboxes() -> Iterator[Containers]:
    if reason := containers.why_unavailable():
        (pytest.fail if DOCKER_REQUIRED else pytest.skip)(reason)
    with Containers() as started:
        yield started


@pytest.fixture(scope="session", params=["zygote", pytest.param("docker_sandboxes", marks=pytest.mark.container)])
def grade(request: pytest.FixtureRequest, assignment: Assignment) -> Grade:
    """Grade a notebook, or its bytes: reports by task. ``limits`` are those of a sandbox."""
    engine: Engine = request.getfixturevalue(request.param)
    released = release.notebook_of(assignment)
    checks = {f"{task.name}-check": task for task in assignment.tasks}

    def graded(notebook: nbformat.NotebookNode, timeout: float = 60) -> dict[str, TaskReport]:
        content = nbformat.writes(notebook).encode()
        cells = []
        for cell in repair.repair(content, assignment, released).cells:
            if cell.cell_type == "code":
                task = checks.get(repair.grade_id(cell))
                name = repair.grade_id(cell) or cell["id"]
                cells.append(Cell(name, task.graded_source, task.points) if task else Cell(name, cell.source))
        job = Job(cells, timeout, True, False, 9092, limits=Limits(memory_mb=3000))
        reports, _ = results.of(assignment, engine.grade(job, 300))
        return {report.task: report for report in reports}

    return graded
