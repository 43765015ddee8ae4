"""What is added to a built page, and what is taken from it.

Added: the chapter as a notebook with its outputs, to download; a button to its slides.
Taken: Thebe, which Jupyter Book puts on every page to run code by a script of another host.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from chapter import chapter_facts
from jupyter_cache import get_cache
from sphinx.application import Sphinx

_BEFORE_THE_THEME = 400


def without_thebe(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if "thebe" not in _text(file).lower()]


def _text(file: Any) -> str:
    """The address and the content of a script or a style sheet, which Sphinx gives as an object or as a string."""
    return f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}"


def with_notebook(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Put the chapter as it was run beside its source; the theme's download menu then offers it."""
    notebook = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
    if notebook.is_file():
        sources = Path(app.outdir) / "_sources"
        sources.mkdir(exist_ok=True)
        nbformat.write(_as_run(app, notebook), sources / notebook.name)
        context["ipynb_source"] = notebook.name


def _as_run(app: Sphinx, notebook: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs. Where nothing had to be run anew, only the cache of executions has them."""
    node = nbformat.read(notebook, nbformat.current_nbformat)
    with suppress(KeyError):
        _, node = get_cache(app.config.nb_execution_cache_path).merge_match_into_notebook(node)
    return node


def with_slides(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: object) -> None:
    """A button to the chapter's slides, which the build makes from the finished page."""
    if doctree is None or chapter_facts(Path(app.env.doc2path(page))) is None:
        return
    context["header_buttons"].append(
        {
            "type": "link",
            "url": f"slides/{page}.html",
            "tooltip": "Slides of this chapter",
            "text": "",
            "icon": "fas fa-display",
            "label": "slides-button",
        }
    )


def with_true_roles(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """A list holds list items, also where docutils calls them something finer, which screen readers do not count."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", without_thebe, priority=900)
    app.connect("html-page-context", with_notebook, priority=_BEFORE_THE_THEME)
    app.connect("html-page-context", with_slides, priority=900)
    app.connect("html-page-context", with_true_roles)
    return {"version": "1", "parallel_read_safe": True}
