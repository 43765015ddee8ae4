"""What every chapter has, from its opening to "go deeper"; a chapter is a page with ``chapter`` in its front matter."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "book"
sys.path.insert(0, str(BOOK / "_ext"))

from chapter import answer_of, chapter_facts, chapters  # noqa: E402

CHAPTERS = [page for page in chapters(BOOK) if chapter_facts(page)]
_FENCE = re.compile(r"^(`{3,}|:{3,})\{(?P<name>[\w-]+)\}(?P<title>.*)\n(?P<content>(?:.*\n)*?)\1$", re.MULTILINE)
_COLUMNS = 88  # as many as a page of 1280 pixels shows without scrolling

of_each_chapter = pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)


def blocks(text: str) -> list[tuple[str, str, str]]:
    """The directives of a page, in order: name, what stands behind it, content."""
    return [(match["name"], match["title"].strip(), match["content"]) for match in _FENCE.finditer(text)]


def section(page: Path, heading: str) -> str:
    """The text below ``heading``; an error where it is not there, or there twice."""
    [text] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(text)


@of_each_chapter
def test_a_chapter_opens_with_questions_objectives_prerequisites_and_minutes(page: Path) -> None:
    facts = chapter_facts(page)
    assert facts is not None
    assert all(facts[part] for part in ("questions", "objectives", "prerequisites", "key_points"))
    assert facts["minutes"]["read"] > 0
    first, *_ = blocks(page.read_text("utf-8"))
    assert first[0] == "chapter-head"


@of_each_chapter
def test_a_chapter_has_a_diagram_and_says_in_words_what_it_shows(page: Path) -> None:
    diagrams = [content for name, _, content in blocks(page.read_text("utf-8")) if name == "flow"]
    assert diagrams
    assert all(re.match(r":alt: \w+", content) for content in diagrams)


@of_each_chapter
def test_a_chapter_runs_its_code(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "\nkernelspec:" in text
    assert [name for name, _, _ in blocks(text) if name == "code-cell"]


@of_each_chapter
def test_what_is_to_be_predicted_has_a_folded_answer(page: Path) -> None:
    """Question and answer take turns: no question is left open, no answer stands without its question."""
    titles = [title for _, title, _ in blocks(page.read_text("utf-8"))]
    moments = [title for title in titles if title in ("Before you read on", "The answer")]
    assert moments
    assert moments == ["Before you read on", "The answer"] * (len(moments) // 2)


@of_each_chapter
def test_questions_to_check_oneself_have_one_right_answer_and_each_answer_says_why(page: Path) -> None:
    quizzes = [content for name, _, content in blocks(section(page, "Check yourself")) if name == "quiz"]
    assert len(quizzes) >= 2
    for content in quizzes:
        answers = [answer_of(line) for line in content.splitlines() if line.strip()]
        assert len(answers) >= 2
        assert sum(right for right, _, _ in answers) == 1


@of_each_chapter
def test_common_mistakes_come_with_the_text_of_a_real_error(page: Path) -> None:
    """One at least is made: by code that has to fail, or by a command whose answer is shown."""
    cells = [content for name, _, content in blocks(section(page, "Common mistakes")) if name == "code-cell"]
    assert [cell for cell in cells if re.search(r"^(with mistake\(\):|!workshop )", cell, re.MULTILINE)]


@of_each_chapter
def test_a_chapter_ends_with_what_to_do_what_to_keep_and_where_it_leads(page: Path) -> None:
    facts = chapter_facts(page)
    assert facts is not None
    turn = section(page, "Your turn")
    if "assignment" in facts or "tasks_of" in facts:
        name = facts.get("assignment") or facts["tasks_of"]
        assert f"exercises/{name}/{name}.ipynb" in turn
    found = [(name, title) for name, title, _ in blocks(turn)]
    assert found == [("key-points", ""), ("admonition", "In production"), ("admonition", "Go deeper")]


@of_each_chapter
def test_code_fits_on_the_page(page: Path) -> None:
    cells = "".join(content for name, _, content in blocks(page.read_text("utf-8")) if name == "code-cell")
    assert [line for line in cells.splitlines() if len(line) > _COLUMNS] == []
