"""What the checks of a built site find."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.book.site import problems


def page(site: Path, body: str, name: str = "index.html") -> None:
    (site / name).write_text(f"<html><body>{body}</body></html>", encoding="utf-8")


def test_links_to_other_hosts_and_within_the_site_are_fine(tmp_path: Path) -> None:
    page(
        tmp_path, '<a href="https://kafka.apache.org">Kafka</a><a href="other.html#there">other</a><a href="#x" id="x">'
    )
    page(tmp_path, '<h1 id="there">', "other.html")
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script>const RUN = "https://cdn.example/lib/index.js"</script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        '<div style="background: url(https://cdn.example/x.png)">',
        '<a href="missing.html">gone</a>',
        '<a href="#nowhere">gone</a>',
        '<a href="../outside.html">outside</a>',
        "### BEGIN SOLUTION",
    ],
)
def test_one_problem_is_found(tmp_path: Path, body: str) -> None:
    page(tmp_path, body)
    assert len(problems(tmp_path)) == 1


def test_fonts_that_a_style_sheet_fetches_are_found(tmp_path: Path) -> None:
    page(tmp_path, "")
    (tmp_path / "a.css").write_text('@import "https://fonts.example/f.css"; a { src: url(https://fonts.example/f) }')
    assert len(problems(tmp_path)) == 2


def test_a_site_without_pages_is_no_site(tmp_path: Path) -> None:
    assert len(problems(tmp_path)) == 1
