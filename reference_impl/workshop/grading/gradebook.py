"""nbgrader's view of the batch: its database, its folders and its configuration, so that formgrader just opens."""

from __future__ import annotations

import warnings
from pathlib import Path

import nbformat
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Base, Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from workshop.assignments.source import Assignment
from workshop.checks import show
from workshop.errors import WorkshopError
from workshop.grading.repair import Repaired, as_notebook, grade_id
from workshop.grading.results import Graded, public

_CONFIG = '''"""nbgrader's configuration for this folder: start `jupyter lab` here and choose Nbgrader > Formgrader."""

c = get_config()
c.CourseDirectory.course_id = "workshop"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
# What learners get to see holds no hidden test.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.HTMLExporter.sanitize_html = True

# nbgrader's templates let HTML in a learner's text cells through. A script among it would run with the rights of
# whoever grades, kernels included. This filter is the last that such a text passes.
_TAGS = (
    "a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s span strong sub sup "
    "table tbody td th thead tr tt u ul"
)


def without_scripts(html):
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    attributes = {"*": ["class", "title"], "a": ["href"], "img": ["alt", "src"], "td": ["align"], "th": ["align"]}
    return SanitizeHTML(tags=_TAGS.split(), attributes=attributes).sanitize_html_tags(html)


c.HTMLExporter.filters = {"strip_files_prefix": without_scripts}
'''

# nbgrader fills its tables in an order that SQLAlchemy remarks upon; whoever grades can do nothing about it.
warnings.filterwarnings("ignore", "Object of type", SAWarning)


class Book:
    """The course folder ``root`` with its ``gradebook.db``."""

    def __init__(self, root: Path, assignment: Assignment) -> None:
        self._root = root
        self._assignment = assignment
        self._file = root / "gradebook.db"
        self._url = _url(self._file)

    def prepare(self) -> None:
        """Write configuration and source, and have nbgrader take the assignment into its database."""
        name = self._assignment.name
        if not self._file.exists():
            _make(self._file)
        (self._root / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        _write(self._root / "source" / name / f"{name}.ipynb", self._assignment.notebook)
        config = Config()
        config.CourseDirectory.root = str(self._root.absolute())
        config.CourseDirectory.course_id = "workshop"
        config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
        done = NbGraderAPI(config=config).generate_assignment(name, force=True, create=True)
        if not done["success"]:
            raise WorkshopError(f"nbgrader does not accept the assignment {name}:\n{done['log'][-2000:]}")

    def enter(self, graded: Graded, repaired: Repaired, released: NotebookNode) -> None:
        """Write one submission's notebooks and scores. What was graded by hand stays."""
        name, learner = self._assignment.name, graded.learner
        self.hand_in(learner.id, repaired, released)
        autograded = as_notebook(_with_outputs(graded, repaired), self._assignment.notebook)
        _write(self._root / "autograded" / self._place(learner.id), autograded)
        with Gradebook(self._url, "workshop") as book:
            # Formgrader shows "last, first", with the word None for a name that is missing, but not for an empty one.
            first, _, last = learner.name.rpartition(" ")
            book.update_or_create_student(learner.id, first_name=first, last_name=last, lms_user_id=learner.platform_id)
            book.update_or_create_submission(name, learner.id)
            for report in graded.tasks:
                grade = book.find_grade(f"{report.task}-check", name, name, learner.id)
                grade.auto_score = report.score
                grade.needs_manual_grade = grade.manual_score is not None and grade.needs_manual_grade
            book.db.commit()

    def hand_in(self, learner: str, repaired: Repaired, released: NotebookNode) -> None:
        """Put the notebook where nbgrader looks for what was handed in, without hidden tests."""
        stubs = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
        cells = [stubs[grade_id(cell)] if grade_id(cell).endswith("-check") else cell for cell in repaired.cells]
        _write(self._root / "submitted" / self._place(learner), as_notebook(cells, self._assignment.notebook))

    def _place(self, learner: str) -> Path:
        return Path(learner, self._assignment.name, f"{self._assignment.name}.ipynb")

    def scores(self) -> dict[str, float]:
        """Everybody's score as it stands, grading by hand included."""
        with Gradebook(self._url, "workshop") as book:
            everybody = book.assignment_submissions(self._assignment.name)
            return {one.student.id: round(float(one.score), 2) for one in everybody}


def _url(database: Path) -> str:
    return f"sqlite:///{database.absolute()}"


def _make(database: Path) -> None:
    """An empty database as nbgrader makes it: where there is none, it starts a Python of its own for three seconds,
    only to ask which version its tables are. It gets its name when it is whole."""
    draft = database.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    engine = create_engine(_url(draft))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")
    engine.dispose()
    draft.replace(database)


def _with_outputs(graded: Graded, repaired: Repaired) -> list[NotebookNode]:
    """The cells with what they gave: nbgrader reads a check's points from its last output."""
    reports = {f"{report.task}-check": report for report in graded.tasks}
    cells = []
    for number, cell in enumerate(repaired.cells):
        cell = nbformat.from_dict(cell)
        report = reports.get(grade_id(cell))
        if report is not None:
            text = show.text(public(report))
            cell.outputs = [
                new_output("stream", name="stdout", text=text + "\n"),
                new_output("execute_result", {"text/plain": f"{report.score:g}"}, execution_count=number + 1),
            ]
        elif cell.cell_type == "code" and (printed := graded.printed.get(cell["id"])):
            cell.outputs = [new_output("stream", name="stdout", text=printed)]
        cells.append(cell)
    return cells


def _write(path: Path, notebook: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
