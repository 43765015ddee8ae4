"""What a deck takes from a chapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from workshop.book.slides import deck, first_sentence, write_slides

PAGE = """
<html><body><article><section id="a"><h1>A chapter<a class="headerlink" href="#a">#</a></h1>
<div class="chapter-head admonition"><p class="admonition-title">minutes</p>
<ul><li>Why?</li></ul><ul><li>do it</li></ul></div>
<p>Opening.</p><p>More of the opening.</p>
<section id="b"><h2>A part</h2>
<p>See <a href="other.html#x">there</a> and <a href="https://kafka.apache.org">Kafka</a>.</p>
<div class="flow"><svg><g id="kept"></g></svg></div>
<div class="admonition"><p class="admonition-title">Before you read on</p><p>How many?</p></div>
<div class="cell"><pre>count()</pre></div>
<details class="sd-dropdown"><summary>The answer</summary><p>Three.</p></details>
<div class="cell"><pre>not_shown()</pre></div>
<div class="quiz"><p>Right?</p></div></section>
<div class="admonition"><p class="admonition-title">Key points</p><ul><li>Remember.</li></ul></div>
<div class="admonition"><p class="admonition-title">In production</p><p>Otherwise.</p></div>
</section></article></body></html>
"""


def slides() -> list[Tag]:
    return BeautifulSoup(deck(PAGE, "a.html"), "html.parser").select("main > section")


def test_a_deck_has_questions_parts_figures_answers_quiz_and_key_points_in_order() -> None:
    headings = [slide.h2.get_text() for slide in slides() if slide.h2]
    assert headings == [
        "A chapter",
        "Afterwards you can",
        "A chapter",
        "A part",
        "A part",
        "Before you read on",
        "Run it",
        "The answer",
        "Check yourself",
        "Key points",
    ]


def test_code_is_shown_only_where_it_settles_a_question() -> None:
    text = deck(PAGE, "a.html")
    assert "count()" in text
    assert "not_shown()" not in text


def test_links_lead_out_of_the_folder_of_slides() -> None:
    addresses = [link["href"] for slide in slides() for link in slide.select("a")]
    assert addresses == ["../other.html#x", "https://kafka.apache.org"]


def test_ids_stay_only_within_drawings() -> None:
    assert [tag["id"] for slide in slides() for tag in slide.select("[id]")] == ["kept"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>Short. And whole.</p>", "Short. And whole."),
        (f"<p>First <em>part</em>. Second {'and so on ' * 30}</p>", "First part."),
        (f"<p>About 1.5 hours, p. 7. Then {'and so on ' * 30}</p>", "About 1.5 hours, p. 7."),
    ],
)
def test_of_a_long_paragraph_the_first_sentence_is_shown(text: str, shown: str) -> None:
    paragraph = BeautifulSoup(text, "html.parser").p
    assert paragraph is not None
    assert first_sentence(paragraph).get_text() == shown


def test_only_chapters_get_slides(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "glossary.html").write_text("<article><section><h1>Glossary</h1></section></article>")
    assert [file.name for file in write_slides(tmp_path, tmp_path / "assets")] == ["a.html"]
