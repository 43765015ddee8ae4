"""What formgrader and nbgrader's feedback make of a learner's text, in the browser of whoever grades."""

from __future__ import annotations

import re

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from workshop.assignments.source import Assignment
from workshop.grading.gradebook import Book

_SEEN_BY_FORMGRADER = (
    "assignment_id notebook_id submission_id index total base_url student last_name first_name notebook_path"
)


@pytest.fixture(scope="module")
def config(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("course")
    Book(folder, assignment).prepare()
    return PyFileConfigLoader("nbgrader_config.py", str(folder)).load_config()


def _shown(text: str, config: Config) -> str:
    config = config.copy()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = dict.fromkeys(_SEEN_BY_FORMGRADER.split(), "0") | {"index": 0, "total": 1}
    page, _ = HTMLExporter(config=config).from_notebook_node(new_notebook(cells=[new_markdown_cell(text)]), resources)
    return str(page).partition("rendered_html")[2]


@pytest.mark.parametrize(
    "text",
    [
        "<script src=steal.js></script>",
        "<img src=x onerror=steal()>",
        '<b onclick="steal()">b</b>',
        "[click](javascript:steal())",
        "<iframe src=//example.org/steal></iframe>",
        "<style class=steal>body {display: none}</style>",
        "<form action=steal><input name=score></form>",
    ],
)
def test_a_learners_text_runs_nothing_where_it_is_graded(text: str, config: Config) -> None:
    page = _shown(f"before {text} after", config)

    assert "before" in page
    assert [tag for tag in re.findall("<[^>]*", page) if "steal" in tag] == []


def test_an_honest_text_looks_as_it_was_written(config: Config) -> None:
    page = _shown(
        "# Title\n\nOne `a < b` and **two**, $x < y$.\n\n|a|\n|-|\n|1|\n\n```python\nif a < b: c()\n```", config
    )

    for wanted in ("<h1>Title", "<code>a &lt; b</code>", "<strong>two</strong>", "<td>1</td>", 'class="k"'):
        assert wanted in page
