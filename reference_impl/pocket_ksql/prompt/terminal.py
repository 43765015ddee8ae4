"""The line editor: history, several lines, completion."""

from __future__ import annotations

import os
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import ThreadedCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output
from rich.console import Console

from pocket_ksql.prompt.client import Client
from pocket_ksql.prompt.completion import KsqlCompleter
from pocket_ksql.prompt.session import LeaveError, Session
from pocket_ksql.prompt.splitting import split

HISTORY = "POCKET_KSQL_HISTORY"
"""Environment variable that names another file for the history."""

_ALONE = frozenset({"HELP", "EXIT", "QUIT"})
"""What needs no semicolon."""


def converse(client: Client, console: Console, source: Input | None = None, sink: Output | None = None) -> None:
    """Read statements and carry them out until the user leaves. Raises ``ServerAwayError`` if no server answers.

    ``source`` and ``sink`` stand for the terminal.
    """
    info = client.info()
    console.print(f"ksqlDB {info['version']} at {client.url}. `help` says what can be done here, Ctrl-D leaves.")
    completer = KsqlCompleter(client)
    session = Session(client, console)
    editor: PromptSession[str] = PromptSession(
        "ksql> ",
        history=FileHistory(os.environ.get(HISTORY) or str(Path.home() / ".pocket_ksql_history")),
        completer=ThreadedCompleter(completer),
        complete_while_typing=False,
        multiline=True,
        prompt_continuation=lambda width, number, wrapped: "    > "[:width],
        key_bindings=_keys(),
        input=source,
        output=sink,
    )
    while True:
        try:
            session.run(editor.prompt())
        except KeyboardInterrupt:
            continue  # drops what was typed
        except (EOFError, LeaveError):
            return
        completer.forget()


def is_complete(text: str) -> bool:
    """Whether Enter carries the text out rather than beginning another line.

    >>> is_complete("SELECT *"), is_complete("SHOW STREAMS;"), is_complete("help")
    (False, True, True)
    """
    pieces = split(text)
    return not pieces or pieces[-1].ended or (len(pieces) == 1 and pieces[0].text.strip().upper() in _ALONE)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=Condition(lambda: is_complete(get_app().current_buffer.text)))
    def carry_out(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return keys
