"""What a built site must keep to: nothing from other hosts, no dead link within it, no solution of an exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SECRETS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
_STYLE_IMPORT = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)")
_SCRIPT_LOAD = re.compile(r"https?://[^\s'\"]+\.m?js\b")
_TEXTS = {".html", ".md", ".ipynb", ".txt", ".js", ".json"}


def problems(site: Path) -> list[str]:
    """Everything that is wrong with the site, one line each."""
    pages = {page: _Page(page) for page in sorted(site.rglob("*.html"))}
    found: list[str] = [] if pages else [f"{site} holds no page"]
    for page, content in pages.items():
        found += (f"{page.name} loads {url}" for url in content.foreign)
        found += (f"{page.name} links to {link}, which is not there" for link in _dead(site, page, content, pages))
    for style in sorted(site.rglob("*.css")):
        found += (f"{style.name} loads {url}" for url in _STYLE_IMPORT.findall(style.read_text("utf-8")))
    for file in sorted(path for path in site.rglob("*") if path.suffix in _TEXTS):
        text = file.read_text("utf-8", errors="replace")
        found += (f"{file.name} holds a part of a solution: {secret}" for secret in _SECRETS if secret in text)
    return found


def _dead(site: Path, page: Path, content: _Page, pages: dict[Path, _Page]) -> Iterator[str]:
    for link in content.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        target = target / "index.html" if target.is_dir() else target
        inside = target.is_relative_to(site.resolve()) and target.exists()
        fragment = unquote(parts.fragment)
        if not inside or (fragment and target in pages and fragment not in pages[target].anchors):
            yield link


class _Page(HTMLParser):
    """The links, the anchors and the foreign resources of a page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.anchors: set[str] = set()
        self._in_script = False
        self.feed(file.read_text("utf-8"))

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.foreign += _SCRIPT_LOAD.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        loads = [given["src"]] if "src" in given else []
        if tag == "link" and not {"canonical", "next", "prev", "search", "index"} & set(given.get("rel", "").split()):
            loads.append(given.get("href", ""))
        self.foreign += (url for url in loads if urlsplit(url).netloc)
        self.foreign += _STYLE_IMPORT.findall(given.get("style", ""))
