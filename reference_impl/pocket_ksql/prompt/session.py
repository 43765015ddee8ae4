"""Carries statements out; keeps what SET and DEFINE said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console, RenderableType

from pocket_ksql.errors import KsqlError
from pocket_ksql.language import statements as tree
from pocket_ksql.language.lexer import tokenize
from pocket_ksql.language.parser import parse_statement
from pocket_ksql.language.variables import substitute
from pocket_ksql.prompt.client import Client
from pocket_ksql.prompt.entities import shown
from pocket_ksql.prompt.places import explain
from pocket_ksql.prompt.rows import RowPrinter, listing
from pocket_ksql.prompt.splitting import Piece, split

HELP = """\
Type a statement and end it with a semicolon; it may run over several lines.

  SHOW STREAMS;  SHOW TABLES;  SHOW TOPICS;  SHOW QUERIES;  SHOW FUNCTIONS;  SHOW PROPERTIES;
  DESCRIBE <name>;  DESCRIBE FUNCTION <name>;  EXPLAIN <query id>;
  PRINT '<topic>' FROM BEGINNING;                  the records of a topic
  SELECT … FROM <stream> EMIT CHANGES;             rows as they come, until Ctrl-C
  SET 'auto.offset.reset' = 'earliest';            queries of this session begin at the oldest record
  DEFINE name = 'value';                           ${name} stands for value from now on

  RUN SCRIPT '<file>'    carry out a file's statements
  help                   this text
  exit                   leave (also Ctrl-D)

Tab completes keywords, functions, and the names of sources and columns."""


class LeaveError(Exception):
    """The user wants to go."""


class Session:
    """One user's statements on one server."""

    def __init__(self, client: Client, console: Console) -> None:
        self._client = client
        self._console = console
        self.properties: dict[str, str] = {}
        self.variables: dict[str, str] = {}

    def run(self, text: str, origin: str | None = None, folder: Path | None = None) -> bool:
        """Carry out the statements of ``text`` up to the first that is refused; whether none was.

        ``origin`` is the script's name in errors, ``folder`` where its own scripts are looked for.
        Raises `LeaveError`.
        """
        for piece in split(text):
            try:
                self._carry_out(piece, folder or Path())
            except KsqlError as error:
                self._say(explain(error.message, piece, origin), style="red")
                return False
            except OSError as error:
                self._say(f"{error.filename} cannot be read: {error.strerror}", style="red")
                return False
            except _ScriptFailedError:
                return False
        return True

    def run_file(self, path: Path) -> bool:
        """Carry out a file; whether nothing was refused. Raises `LeaveError`, OSError."""
        return self.run(path.read_text(), str(path), path.parent)

    def _carry_out(self, piece: Piece, folder: Path) -> None:
        match piece.words:
            case ["HELP", *_]:
                self._say(HELP)
            case ["EXIT" | "QUIT", *_]:
                raise LeaveError
            case ["RUN", "SCRIPT", *_]:
                self._script(piece, folder)
            case _ if not piece.ended:
                raise KsqlError("The statement does not end with a semicolon, so it was not carried out.")
            case ["SELECT", *_]:
                self._select(piece)
            case ["PRINT", *_]:
                with self._client.printed(piece.text, self.properties, self.variables) as lines:
                    self._stream(lines)
            case ["SHOW" | "LIST", "VARIABLES", *_]:
                self._show([listing(["Variable", "Value"], list(self.variables.items()))])
            case ["DEFINE" | "UNDEFINE", *_]:
                self._define(piece)
            case ["SET" | "UNSET", *_]:
                self._set(piece)
            case _:
                for entity in self._client.execute(piece.text, self.properties, self.variables):
                    self._show(shown(entity))

    def _script(self, piece: Piece, folder: Path) -> None:
        names = [token.value for token in tokenize(substitute(piece.text, self.variables)) if token.kind == "string"]
        if len(names) != 1:
            raise KsqlError("RUN SCRIPT takes the name of one file: RUN SCRIPT 'file.sql';")
        if not self.run_file(folder / Path(names[0]).expanduser()):
            raise _ScriptFailedError

    def _define(self, piece: Piece) -> None:
        match parse_statement(substitute(piece.text, self.variables)):
            case tree.Define(name, value):
                self.variables[name] = value
            case tree.Undefine(name):
                if self.variables.pop(name, None) is None:
                    raise KsqlError(f"No variable {name} is defined. SHOW VARIABLES; lists those that are.")

    def _set(self, piece: Piece) -> None:
        """The server says whether there is such a property; the session keeps it for what follows."""
        match parse_statement(substitute(piece.text, self.variables)):
            case tree.Set(name, value):
                self._client.execute(piece.text, self.properties, self.variables)
                self.properties[name] = value
                self._say(f"{name} is {value} for what follows.")
            case tree.Unset(name):
                if self.properties.pop(name, None) is None:
                    raise KsqlError(f"{name} has not been SET in this session.")
                self._say(f"{name} has the server's value again.")

    def _select(self, piece: Piece) -> None:
        with self._client.query(piece.text, self.properties, self.variables) as (header, batches):
            printer = RowPrinter(self._console, header)
            printer.header()
            try:
                for batch in batches:
                    printer.rows(batch)
            except KeyboardInterrupt:
                self._ended()
            if self._console.is_terminal:
                self._say(f"{printer.count} row{'' if printer.count == 1 else 's'}", style="dim")

    def _stream(self, lines: Iterable[str]) -> None:
        try:
            for line in lines:
                self._say(line)
        except KeyboardInterrupt:
            self._ended()

    def _ended(self) -> None:
        """Ctrl-C ends a query, not the prompt; in a script it ends the script."""
        if not self._console.is_terminal:
            raise KeyboardInterrupt
        self._say("\nQuery ended.", style="dim")

    def _show(self, parts: Iterable[RenderableType]) -> None:
        for part in parts:
            self._say(part)

    def _say(self, part: RenderableType, style: str | None = None) -> None:
        self._console.print(part, style=style, soft_wrap=isinstance(part, str))


class _ScriptFailedError(Exception):
    """A statement of a script was refused, which has been said."""
