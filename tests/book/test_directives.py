"""The book's own directives: the table of contents they follow, and the minutes that they add up."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "book"
sys.path.insert(0, str(BOOK / "_ext"))

from chapter import ChapterError, answer_of, chapter_facts, chapters  # noqa: E402
from flow import FlowError, draw  # noqa: E402
from timetable import Day, Part, Pause, at_home, days_of  # noqa: E402

FACTS = [facts for page in chapters(BOOK) if (facts := chapter_facts(page))]


def test_every_page_of_the_contents_is_there_and_every_page_is_in_the_contents() -> None:
    assert sorted(chapters(BOOK)) == sorted(BOOK.glob("*.md"))


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["title"])
def test_a_chapter_says_what_a_learner_needs_to_know_beforehand(facts: dict[str, Any]) -> None:
    assert {"minutes", "plans", "questions", "objectives", "prerequisites", "key_points", "title"} <= facts.keys()
    assert set(facts["plans"]) <= {"half", "one", "two"}


@pytest.mark.parametrize("facts", [facts for facts in FACTS if "assignment" in facts], ids=lambda facts: facts["title"])
def test_a_chapter_gives_its_assignment_the_minutes_that_the_assignment_itself_states(facts: dict[str, Any]) -> None:
    name = facts["assignment"]
    text = (REPOSITORY / "solutions" / name / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"^About (\d+) minutes\.", text, re.MULTILINE) == [str(facts["minutes"]["do"])]
    tasks = re.findall(r"^## Task (\d+) \((\d+) points?\)", text, re.MULTILINE)
    points = {int(task): int(worth) for task, worth in tasks}
    in_class = sum(points[task] for task in facts.get("tasks", points))
    assert 3 <= facts["minutes"]["class"] / in_class <= 5, "minutes for a point, in class"


def test_a_plan_has_breaks_and_names_what_does_not_fit() -> None:
    parts = [Part("a", 30, 60), Part("b", 20, 40), Part("c", 10, 0)]
    assert days_of(parts, 200, 1) == [Day((parts[0], Pause(15), parts[1], parts[2]))]
    assert (days_of(parts, 200, 1)[0].taught, days_of(parts, 200, 1)[0].minutes) == (160, 175)
    assert days_of(parts, 100, 2) == [Day((parts[0],)), Day((parts[1], parts[2]))]
    with pytest.raises(ValueError, match=r"no room for c in 1 × 165"):
        days_of([parts[0], parts[1], Part("c", 20, 0)], 165, 1)


def test_lunch_is_in_the_middle_of_a_long_day_and_not_counted() -> None:
    parts = [Part(name, 50, 50) for name in "abcd"]
    [day] = days_of(parts, 430, 1)
    assert [row.minutes for row in day.rows if isinstance(row, Pause)] == [15, 0, 15]
    assert day.minutes == 430


def test_tasks_that_are_left_for_home_take_no_time() -> None:
    assert at_home([Part("a", 30, 60)], ["a"]) == [Part("a", 30, 0)]
    with pytest.raises(ValueError, match="not in this plan: b"):
        at_home([Part("a", 30, 60)], ["b"])


@pytest.mark.parametrize("page", chapters(BOOK), ids=lambda page: page.stem)
def test_a_directive_with_code_in_its_first_line_is_fenced_by_colons(page: Path) -> None:
    """After backticks the line may hold none, or it is no fence: the directive and the next one become plain text."""
    assert re.findall(r"^```+\{.*`.*$", page.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_an_answer_says_why() -> None:
    assert answer_of("- [x] Yes :: Because.") == (True, "Yes", "Because.")
    with pytest.raises(ChapterError):
        answer_of("- [x] Yes")


def test_a_diagram_is_drawn_a_second_time_for_narrow_pages_where_that_is_narrower() -> None:
    wide, upright = svgs("A (0,0) code: one\nB (1,0) code: two\nC (2,0) code: three\nA -> B: word\nB -> C")
    assert (wide["class"], upright["class"]) == (["across"], ["upright"])
    assert width(upright) < width(wide)
    assert wide.marker["id"] != upright.marker["id"]
    assert [svg.get_text(" ", strip=True) for svg in (wide, upright)] == ["word one two three"] * 2


def test_a_diagram_of_two_columns_or_of_many_rows_is_drawn_once() -> None:
    assert len(svgs("A (0,0) code: one\nB (1,1) topic: two\nA -> B")) == 1
    assert len(svgs("A (0,0) code: one\nB (1,3) code: two\nC (2,0) code: three")) == 1


def test_words_stand_in_the_middle_of_a_slanted_line_and_beside_a_straight_one() -> None:
    [wide] = svgs("A (0,0) code: one\nB (1,1) code: two\nC (0,1) code: three\nA -> B: slanted\nA -> C: down")
    slanted, down = wide.select(".arrow")
    assert "middle" in slanted.select_one("text")["style"]
    assert middle(slanted.line, "x") == int(slanted.select_one("text")["x"])
    assert "start" in down.select_one("text")["style"]
    assert middle(down.line, "x") < int(down.select_one("text")["x"])


def middle(line: Tag, axis: str) -> float:
    return (int(line[f"{axis}1"]) + int(line[f"{axis}2"])) / 2


def test_a_line_that_is_neither_box_nor_arrow_is_an_error() -> None:
    with pytest.raises(FlowError, match="A -> C"):
        draw("A (0,0) code: one\nA -> C", "words", 1)


def svgs(text: str) -> list[Tag]:
    return list(BeautifulSoup(draw(text, "words", 1), "html.parser").select("svg"))


def width(svg: Tag) -> int:
    return int(str(svg["viewbox"]).split()[2])
