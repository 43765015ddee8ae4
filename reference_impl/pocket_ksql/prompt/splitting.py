"""Where one statement ends and the next begins, also in a text that is not finished."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNIT = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<quoted>'(?:[^']|'')*(?:'|\Z)|`(?:[^`]|``)*(?:`|\Z)|"(?:[^"]|"")*(?:"|\Z))
    | (?P<end>;)
    | (?P<other>[^\s;'"`/-]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Piece:
    """A statement with its semicolon, if it has one, and the line (from one) where it begins."""

    text: str
    line: int
    column: int
    ended: bool

    @property
    def words(self) -> list[str]:
        """Its first words in capitals, without comments."""
        found = [match[0].upper() for match in _UNIT.finditer(self.text) if match.lastgroup == "other"]
        return found[:3]


def split(text: str) -> list[Piece]:
    """The statements of ``text``; the last may lack its semicolon. Comments between statements are left out.

    >>> [piece.text for piece in split("SHOW STREAMS; -- all\\nSELECT ';'")]
    ['SHOW STREAMS;', "SELECT ';'"]
    """
    pieces, start = [], None
    for match in _UNIT.finditer(text):
        if start is None:
            if match.lastgroup == "space":
                continue
            start = match.start()
        if match.lastgroup == "end":
            pieces.append(_piece(text, start, match.end(), ended=True))
            start = None
    if start is not None:
        pieces.append(_piece(text, start, len(text), ended=False))
    return pieces


def _piece(text: str, start: int, end: int, *, ended: bool) -> Piece:
    line_start = text.rfind("\n", 0, start) + 1
    return Piece(text[start:end].rstrip(), text.count("\n", 0, start) + 1, start - line_start + 1, ended)
