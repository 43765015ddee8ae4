"""The book's own directives: the table of contents they follow, and the minutes that they add up."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "book"
sys.path.insert(0, str(BOOK / "_ext"))

from chapter import ChapterError, answer_of, chapter_facts, chapters  # noqa: E402

FACTS = [facts for page in chapters(BOOK) if (facts := chapter_facts(page))]


def test_every_page_of_the_contents_is_there_and_every_page_is_in_the_contents() -> None:
    assert sorted(chapters(BOOK)) == sorted(BOOK.glob("*.md"))


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["title"])
def test_a_chapter_says_what_a_learner_needs_to_know_beforehand(facts: dict[str, Any]) -> None:
    assert {"minutes", "plans", "questions", "objectives", "prerequisites", "key_points", "title"} <= facts.keys()
    assert set(facts["plans"]) <= {"half", "one", "two"}


@pytest.mark.parametrize(("plan", "budget"), [("half", 240), ("one", 420), ("two", 840)])
def test_plans_leave_time_for_breaks(plan: str, budget: int) -> None:
    assert sum(sum(facts["minutes"].values()) for facts in FACTS if plan in facts["plans"]) <= budget


@pytest.mark.parametrize("page", chapters(BOOK), ids=lambda page: page.stem)
def test_a_directive_with_code_in_its_first_line_is_fenced_by_colons(page: Path) -> None:
    """After backticks the line may hold none, or it is no fence: the directive and the next one become plain text."""
    assert re.findall(r"^```+\{.*`.*$", page.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_an_answer_says_why() -> None:
    assert answer_of("- [x] Yes :: Because.") == (True, "Yes", "Because.")
    with pytest.raises(ChapterError):
        answer_of("- [x] Yes")
