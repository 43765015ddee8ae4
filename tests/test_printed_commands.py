"""Commands that the book, the README and the guide for contributors print: they are there, with these options."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.conftest import REPOSITORY
from workshop.cli.main import app

_TEXTS = [*sorted((REPOSITORY / "book").glob("*.md")), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]
_CONSOLE = re.compile(r"^```(?:console|bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:workshop|make|pocket-ksql) [^`\n]+)`")
_SHELL_CELL = re.compile(r"^!(workshop [^|\n]+)", re.MULTILINE)


def _printed(text: Path) -> Iterator[str]:
    content = text.read_text("utf-8")
    for block in _CONSOLE.findall(content):
        yield from (line[2:].split(" #")[0].strip() for line in block.splitlines() if line.startswith("$ "))
    yield from _INLINE.findall(content)
    yield from _SHELL_CELL.findall(content)


COMMANDS = sorted({command for text in _TEXTS for command in _printed(text)})


@pytest.mark.parametrize("command", [command for command in COMMANDS if "workshop " in command])
def test_workshop_knows_what_is_printed(command: str) -> None:
    words = shlex.split(command)
    name, *rest = words[words.index("workshop") + 1 :]
    if name == "--help":
        return
    parameters = typer.main.get_group(app).commands[name].params
    known = {option for parameter in parameters for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known | {"--help"}
    if not any(parameter.param_type_name == "argument" for parameter in parameters):
        assert not rest or rest[0].startswith("-"), f"workshop {name} takes no {rest[0]}"


@pytest.mark.parametrize("command", [command for command in COMMANDS if " make " in f" {command}"])
def test_make_has_what_is_printed(command: str) -> None:
    words = shlex.split(command)
    arguments = words[words.index("make") + 1 :]
    assert _what_make_would_run(*arguments)


def test_make_demo_is_the_demo_that_the_pipeline_tests_run() -> None:
    assert _what_make_would_run("demo")[-1] == ".venv/bin/workshop demo"


def _what_make_would_run(*arguments: str) -> list[str]:
    """The lines of a dry run, for which it does not matter that `make test` may be running this."""
    command = ["make", "--dry-run", "--no-print-directory", *arguments]
    dry = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr
    return [line.strip() for line in dry.stdout.splitlines()]
