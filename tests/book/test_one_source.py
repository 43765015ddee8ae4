"""Code in the book comes from the kit: imported, included by marker, or run; never retyped."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PAGES = sorted((REPOSITORY / "book").glob("*.md"))
_FENCE = re.compile(r"^(`{3,})(.*?)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^from (?:fraud_pipeline|workshop)\b[^(\n]*(?:\([^)]*\))?", re.MULTILINE)
_KIT = "\n".join(file.read_text("utf-8") for file in (REPOSITORY / "reference_impl").rglob("*.py"))
_DEFINED = frozenset(re.findall(r"^(?:def|class) (\w+)", _KIT, re.MULTILINE))


def fences(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of ``page``: what stands after the backticks, and the content."""
    return [(info, content) for _ticks, info, content in _FENCE.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_and_sql_are_run_or_included_not_typed_in(page: Path) -> None:
    assert [info for info, _ in fences(page) if info.strip() in ("python", "sql", "")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_cell_defines_what_the_kit_defines(page: Path) -> None:
    cells = "\n".join(content for info, content in fences(page) if info.startswith("{code-cell}"))
    assert _DEFINED.isdisjoint(re.findall(r"^(?:def|class) (\w+)", cells, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_cell_imports_of_the_kit_is_there(page: Path) -> None:
    """Nothing else tells, before the chapter is run, that a name which only the book uses has gone."""
    cells = [content for info, content in fences(page) if info.startswith("{code-cell}")]
    for statement in ast.parse("\n".join(_IMPORT.findall("\n".join(cells)))).body:
        assert isinstance(statement, ast.ImportFrom)
        assert statement.module
        module = importlib.import_module(statement.module)
        for name in (alias.name for alias in statement.names):
            if not hasattr(module, name):
                importlib.import_module(f"{statement.module}.{name}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_included_is_there(page: Path) -> None:
    for info, content in fences(page):
        if info.startswith("{literalinclude}"):
            source = (page.parent / info.removeprefix("{literalinclude}").strip()).read_text("utf-8")
            for marker in re.findall(r'^:(?:start-at|end-at|end-before): "?(.*?)"?$', content, re.MULTILINE):
                assert marker in source, marker
