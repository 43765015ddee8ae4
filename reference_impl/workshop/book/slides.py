"""Slides from the finished pages: what an instructor shows of a chapter, in the chapter's own words and figures.

A deck holds the questions, each section's first sentence, its diagrams, plots and tables, each "Before you read on"
with the code that settles it and its answer, the quiz, and the key points.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from copy import copy
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

_SHORT = 180  # characters of a paragraph that is shown whole
_END = re.compile(r"[.?!](?= [A-Z])")
_FIGURES = ".flow, .chart"
_FRAME = """\
<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: slides</title>
<link rel="icon" href="../_static/favicon.svg">
<link rel="stylesheet" href="../_static/pygments.css">
<link rel="stylesheet" href="../_static/book.css">
<link rel="stylesheet" href="slides.css">
<script src="slides.js" defer></script>
</head>
<body>
<main>
{slides}
</main>
<footer>
<a href="../{page}">{title}</a>
<span>Arrow keys to move, D for light and dark, print for a handout</span>
</footer>
</body>
</html>
"""


def write_slides(site: Path, assets: Path) -> list[Path]:
    """Make ``slides/NAME.html`` for each page of ``site`` that is a chapter; give the files.

    ``assets`` is the folder of what decks load beside the site's own styles.
    """
    folder = site / "slides"
    shutil.copytree(assets, folder, dirs_exist_ok=True)
    written = []
    for page in sorted(site.glob("*.html")):
        text = page.read_text("utf-8")
        if 'class="chapter-head' in text:
            (folder / page.name).write_text(deck(text, page.name), encoding="utf-8")
            written.append(folder / page.name)
    return written


def deck(html: str, page: str) -> str:
    """The deck of the chapter whose finished page is ``html``; ``page`` is the page's file name."""
    article = BeautifulSoup(html, "html.parser").select_one("article > section")
    if article is None or article.h1 is None:
        raise ValueError(f"{page} is no page of the book")
    for link in article.select("a.headerlink"):
        link.decompose()
    _from_the_folder_below(article, page)
    title = article.h1.get_text()
    slides = "\n".join(_slide(heading, body) for heading, body in _slides(article))
    return _FRAME.format(title=escape(title), page=page, slides=slides)


def _slides(article: Tag) -> Iterator[tuple[str, list[Tag]]]:
    """Heading and content of each slide."""
    heading, opening, asked = "", False, False
    for block in _blocks(article):
        classes = set(block.get_attribute_list("class"))
        if block.name in ("h1", "h2", "h3"):
            heading, opening = block.decode_contents(), True
        elif "chapter-head" in classes:
            questions, objectives = block.find_all("ul", limit=2)
            yield heading, [questions]
            yield "Afterwards you can", [objectives]
        elif "admonition" in classes and (title := block.select_one(".admonition-title")):
            asked = title.get_text() == "Before you read on"
            if asked or title.get_text() == "Key points":
                yield title.get_text(), _content(block)
        elif block.name == "details" and block.summary:
            yield block.summary.get_text(strip=True), _content(block)
        elif "cell" in classes and asked:
            yield "Run it", [block]
            asked = False
        elif figures := ([block] if classes & {"flow", "chart"} else block.select(_FIGURES)):
            yield from ((heading, [figure]) for figure in figures)
        elif "quiz" in classes:
            yield "Check yourself", [block]
        elif block.select_one("table.table") or (block.name == "dl" and len(block.find_all("dt")) <= 6):
            yield heading, [block]
        elif block.name == "p" and opening:
            yield heading, [first_sentence(block)]
            opening = False


def _blocks(section: Tag) -> Iterator[Tag]:
    """The blocks of a section and of the sections in it, in order."""
    for child in section.find_all(recursive=False):
        if child.name == "section":
            yield from _blocks(child)
        else:
            yield child


def _content(box: Tag) -> list[Tag]:
    return [part for part in box.find_all(recursive=False) if part.name not in ("summary",) and not _is_title(part)]


def _is_title(part: Tag) -> bool:
    return "admonition-title" in part.get_attribute_list("class")


def first_sentence(paragraph: Tag) -> Tag:
    """A copy of ``paragraph`` up to the end of its first sentence; the whole of it where it is short."""
    short = copy(paragraph)
    if len(short.get_text()) <= _SHORT:
        return short
    ended = False
    for part in list(short.children):
        if ended:
            part.extract()
        elif isinstance(part, NavigableString) and (match := _END.search(part)):
            part.replace_with(part[: match.start() + 1])
            ended = True
    return short


def _from_the_folder_below(article: Tag, page: str) -> None:
    """Make relative addresses right for a file one folder below the page, and take ids, which may repeat."""
    for tag in article.find_all(True):
        for name in ("href", "src"):
            address = tag.get(name)
            if isinstance(address, str) and not urlsplit(address).scheme and tag.name in ("a", "img"):
                tag[name] = f"../{page}{address}" if address.startswith("#") else f"../{address}"
        if tag.name == "pre":
            tag["tabindex"] = "0"  # may be wider than the screen: the keyboard can then move it
        if tag.find_parent("svg") is None and "id" in tag.attrs:
            del tag["id"]


def _slide(heading: str, body: list[Tag]) -> str:
    return f'<section tabindex="-1">\n<h2>{heading}</h2>\n{"".join(map(str, body))}\n</section>'
