"""Errors with the place in the text that they are about."""

from __future__ import annotations

import re

from pocket_ksql.prompt.splitting import Piece

_PLACE = re.compile(r"\bline:?\s*(\d+)\s*[:,]\s*(?:col(?:umn)?:?\s*)?(\d+)", re.IGNORECASE)


def explain(message: str, piece: Piece, origin: str | None = None) -> str:
    """The server's message, and below it the line that it names with a caret; ``origin`` is the script's name.

    >>> print(explain("line 1:6: Syntax Error", Piece("SHOW STREMS;", 1, 1, True)))
    line 1:6: Syntax Error
      1 | SHOW STREMS;
        |      ^
    """
    message = message.partition("\nStatement: ")[0]  # what it repeats there is shown below
    found = _PLACE.search(message)
    lines = piece.text.split("\n")
    if found is None or not 1 <= int(found[1]) <= len(lines):
        return message if origin is None else f"{origin}, line {piece.line}: {message}"
    line, column = int(found[1]), int(found[2])
    text = lines[line - 1]
    number = str(piece.line + line - 1)
    lead = re.sub(r"[^\t]", " ", text[: column - 1])  # a tab stays one, so that the caret stands under its place
    shown = f"{message}\n  {number} | {text}\n  {' ' * len(number)} | {lead}^"
    return shown if origin is None else f"{origin}, line {number}: {shown}"
