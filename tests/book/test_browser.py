"""Each page of the built book in a real browser: desktop and phone, light and dark.

Needs the book (``make book``) and Chromium, or the browser that ``WORKSHOP_CHROMIUM`` names; skipped, saying so,
where one of them is missing.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import REPOSITORY

SITE = REPOSITORY / "build" / "book" / "_build" / "html"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_GRAVE = {"serious", "critical"}
_PATIENCE_MS = 120_000

pytestmark = pytest.mark.slow


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = os.environ.get("WORKSHOP_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    if not SITE.is_dir():
        pytest.skip("the book is not built: make book")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=quiet, chromium_sandbox=os.geteuid() != 0)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(params=["1280 light", "1280 dark", "390 light", "390 dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param.split()
    context = browser.new_context(
        viewport={"width": int(width), "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(_PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    """A page as wide as a laptop's screen."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(_PATIENCE_MS)
    yield page
    page.close()


def test_pages_load_by_themselves_without_an_error_and_can_be_read_by_all(page: Page, address: str) -> None:
    found: list[str] = []
    page.on(
        "console", lambda message: found.append(f"{message.type}: {message.text}") if message.type == "error" else 0
    )
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on(
        "response", lambda one: found.append(f"{one.status}: {one.url}") if one.status >= HTTPStatus.BAD_REQUEST else 0
    )
    page.on("request", lambda request: None if _is_ours(request.url, address) else found.append(f"asks {request.url}"))
    problems = []
    for file in sorted([*SITE.glob("*.html"), *SITE.glob("slides/*.html")]):
        name = file.relative_to(SITE).as_posix()
        found.clear()
        page.goto(address + name, wait_until="networkidle")
        problems += [f"{name}: {problem}" for problem in [*found, *_barriers(page), *_too_wide(page)]]
    assert not problems, "\n".join(problems)


def _is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def _barriers(page: Page) -> list[str]:
    """What axe finds that keeps somebody from reading the page."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} at {rule['nodes'][0]['target']} ({len(rule['nodes'])} times): {rule['help']}"
        for rule in violations
        if rule["impact"] in _GRAVE
    ]


def _too_wide(page: Page) -> list[str]:
    """Whether the page itself has to be moved sideways; wide tables and drawings scroll in their own boxes."""
    surplus = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"is {surplus} pixels too wide"] if surplus > 0 else []


def test_the_code_of_a_page_is_read_without_moving_it_sideways(desktop: Page, address: str) -> None:
    wide = []
    for file in sorted(set(SITE.glob("*.html")) - {SITE / "index.html"}):  # which only leads to the first page
        desktop.goto(address + file.name)
        desktop.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        code = desktop.locator(".bd-article .highlight pre, .cell_output pre")  # run, included, or to be typed
        found = code.evaluate_all("all => all.filter(x => x.scrollWidth > x.clientWidth).map(x => x.innerText)")
        wide += [f"{file.name}: {text}" for text in found]
    assert not wide, "\n".join(wide)


def test_search_finds_a_word_of_a_chapter(desktop: Page, address: str) -> None:
    desktop.goto(f"{address}search.html?q=idempotence")
    desktop.wait_for_selector("#search-results li a[href*='infrastructure.html']")  # results come one by one


def test_a_deck_moves_on_by_key(desktop: Page, address: str) -> None:
    desktop.goto(f"{address}slides/ingest.html")
    desktop.keyboard.press("ArrowRight")
    desktop.wait_for_function("scrollY >= innerHeight / 2")
    desktop.keyboard.press("Home")
    desktop.wait_for_function("scrollY === 0")


def test_a_chapter_can_be_downloaded_as_a_notebook(desktop: Page, address: str) -> None:
    desktop.goto(f"{address}ingest.html")
    link = desktop.locator(".btn-download-notebook-button").first.get_attribute("href")
    assert link
    notebook = desktop.request.get(address + link).json()
    assert any(cell["cell_type"] == "code" and cell["outputs"] for cell in notebook["cells"])
