"""The line editor, typed at through a pipe that stands for a terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from pocket_ksql.prompt.client import Client
from pocket_ksql.prompt.completion import KsqlCompleter
from pocket_ksql.prompt.terminal import converse
from tests.pocket_ksql.server.conftest import RunningServer


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POCKET_KSQL_HISTORY", str(tmp_path / "history"))
    return tmp_path / "history"


def typed(server: RunningServer, keys: str) -> str:
    """What stands on the screen after ``keys``."""
    screen = io.StringIO()
    console = Console(file=screen, markup=False, highlight=False, width=200)
    with create_pipe_input() as source:
        source.send_text(keys)
        converse(Client(server.url), console, source, DummyOutput())
    return screen.getvalue()


def test_a_statement_runs_over_lines_and_is_remembered(server: RunningServer, history: Path) -> None:
    screen = typed(server, "SHOW\rSTREAMS;\rexit\r")
    assert "PAYMENTS" in screen
    assert "+SHOW\n+STREAMS;" in history.read_text()


def test_an_error_does_not_end_the_conversation_nor_does_ctrl_c(server: RunningServer) -> None:
    screen = typed(server, "SELCT 1;\rSHOW STRE\x03SHOW TABLES;\r\x04")
    assert "Did you mean 'SELECT'?" in screen
    assert "Name | Topic" in screen


def test_ctrl_c_ends_a_push_query_in_a_pseudo_terminal(server: RunningServer) -> None:
    process, screen = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "pocket_ksql.cli", "cli", server.url])
    try:
        _until(screen, b"ksql>")
        os.write(screen, b"SET 'auto.offset.reset'='earliest';\r")
        _until(screen, b"what follows")
        os.write(screen, b"SELECT id, amount FROM payments EMIT CHANGES;\r")
        _until(screen, b"20.25")
        os.write(screen, b"\x03")
        seen = _until(screen, b"Query ended")
        os.write(screen, b"exit\r")
        _until_closed(screen)  # a program cannot leave while its last words wait to be read
        _, status = os.waitpid(process, 0)
        process = 0
        assert os.waitstatus_to_exitcode(status) == 0, seen
    finally:
        os.close(screen)
        if process:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _until(screen: int, wanted: bytes) -> bytes:
    """Read until ``wanted`` has been shown; the reader ends with the process."""
    seen = b""
    while wanted not in seen:
        seen += _shown(screen)
    return seen


def _until_closed(screen: int) -> None:
    with suppress(OSError):  # what Linux says when nobody is at the other end any more
        while _shown(screen):
            pass


def _shown(screen: int) -> bytes:
    """What comes next; the editor's question where the cursor is gets its answer."""
    ready, _, _ = select.select([screen], [], [], 60)
    assert ready, "nothing was shown for a minute"
    seen = os.read(screen, 4096)
    if b"\x1b[6n" in seen:
        os.write(screen, b"\x1b[1;1R")
    return seen.replace(b"\x1b[6n", b"")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SEL", {"SELECT"}),
        ("SELECT * FROM pay", {"payments"}),
        ("SELECT id, MASK_L", {"MASK_LEFT"}),
        ("SELECT p.", {"ID", "CUSTOMER", "AMOUNT", "NOTES"}),
    ],
)
def test_words_are_completed(server: RunningServer, text: str, expected: set[str]) -> None:
    completer = KsqlCompleter(Client(server.url))
    after = " FROM payments p" if text.endswith(".") else ""
    offered = completer.get_completions(Document(text + after, len(text)), CompleteEvent(completion_requested=True))
    assert {one.text for one in offered} == expected


def test_without_a_server_typing_goes_on() -> None:
    completer = KsqlCompleter(Client("http://127.0.0.1:1"))
    offered = list(completer.get_completions(Document("SELE"), CompleteEvent()))
    assert [one.text for one in offered] == ["SELECT"]
