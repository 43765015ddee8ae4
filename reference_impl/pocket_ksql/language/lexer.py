"""Text to tokens, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pocket_ksql.errors import KsqlSyntaxError
from pocket_ksql.language.expressions import Location

_TOKENS = re.compile(
    r"""
      (?P<space>\s+|--[^\r\n]*|/\*.*?\*/)
    | (?P<decimal>(?:\d+\.\d*|\.\d+)(?![\w.]|[eE][+-]?\d))
    | (?P<double>(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)
    | (?P<integer>\d+(?![\w`]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_@]*|@[A-Za-z0-9_@]*)
    | (?P<digits>\d+[A-Za-z_][A-Za-z0-9_@]*)
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>`(?:[^`]|``)*`|"(?:[^"]|"")*")
    | (?P<variable>\$\{[^}]*\})
    | (?P<operator><>|!=|<=|>=|->|=>|:=|\|\||[-+*/%=<>(){}\[\],.;:$])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is the name of a group above or ``end``; ``value`` is a word in upper case, a string unquoted."""

    kind: str
    text: str
    value: str
    start: int
    end: int
    line: int
    column: int

    @property
    def location(self) -> Location:
        return Location(self.line, self.column)


def tokenize(text: str) -> list[Token]:
    """All tokens of ``text``, ended by one of kind ``end``; raises ``KsqlSyntaxError`` on what is no token."""
    tokens = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        column = position - line_start + 1
        if match is None:
            raise KsqlSyntaxError(f"Syntax Error\ntoken recognition error at: '{text[position]}'", line, column, text)
        kind, raw = str(match.lastgroup), match.group()
        if kind != "space":
            tokens.append(Token(kind, raw, _value(kind, raw), position, match.end(), line, column))
        if newlines := raw.count("\n"):
            line += newlines
            line_start = position + raw.rindex("\n") + 1
        position = match.end()
    tokens.append(Token("end", "<EOF>", "", position, position, line, position - line_start + 1))
    return tokens


def _value(kind: str, raw: str) -> str:
    if kind in ("word", "digits"):
        return raw.upper()
    if kind == "string":
        return raw[1:-1].replace("''", "'")
    if kind == "quoted":
        return raw[1:-1].replace(raw[0] * 2, raw[0])
    return raw
