"""The configuration that a build adds to the book's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY
from workshop.book import build


def configuration(output: Path) -> dict:
    return yaml.safe_load(build._config(REPOSITORY / "book", output).read_text("utf-8"))


def test_without_a_repository_no_button_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    given = configuration(tmp_path)
    assert "repository" not in given
    assert "binderhub_url" not in given["launch_buttons"]
    assert not given["html"]["use_edit_page_button"]


def test_a_repository_brings_buttons_to_edit_a_page_and_to_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOK_REPOSITORY", "https://github.com/someone/somewhere")
    given = configuration(tmp_path)
    assert given["repository"]["url"] == "https://github.com/someone/somewhere"
    assert given["launch_buttons"]["binderhub_url"]
    assert given["html"]["use_edit_page_button"]


def test_extensions_are_found_from_wherever_the_build_runs(tmp_path: Path) -> None:
    folders = configuration(tmp_path)["sphinx"]["local_extensions"]
    assert all((Path(folder) / f"{name}.py").is_file() for name, folder in folders.items())
