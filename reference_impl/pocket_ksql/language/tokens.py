"""Walking over tokens: what every part of the parser does with them, and how it complains."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from pocket_ksql.errors import KsqlSyntaxError
from pocket_ksql.language.lexer import Token, tokenize

_T = TypeVar("_T")

RESERVED = frozenset(
    [
        "AND",
        "AS",
        "BETWEEN",
        "BY",
        "CASE",
        "CAST",
        "CREATE",
        "CROSS",
        "DELETE",
        "DESCRIBE",
        "DISTINCT",
        "DROP",
        "ELSE",
        "END",
        "EXISTS",
        "FALSE",
        "FOR",
        "FROM",
        "FULL",
        "GROUP",
        "HAVING",
        "IN",
        "INNER",
        "INSERT",
        "INTO",
        "IS",
        "JOIN",
        "LEFT",
        "LIKE",
        "LIMIT",
        "NOT",
        "NULL",
        "ON",
        "OR",
        "OUTER",
        "RIGHT",
        "SELECT",
        "THEN",
        "TRUE",
        "WHEN",
        "WHERE",
        "WITH",
        "WITHIN",
        "VALUES",
        "WINDOW",
    ]
)
"""Words that are names only in backticks."""

_WITH_FIXED_VALUES = ("word", "operator")
"""Kinds of tokens that are keywords and operators, or may be."""


def near_miss(word: str, expected: Iterable[str]) -> str:
    """``"\\nDid you mean 'CREATE'?"`` for a word that almost is one of ``expected``, else nothing."""
    close = difflib.get_close_matches(word.upper(), list(expected), n=1, cutoff=0.6)
    return f"\nDid you mean '{close[0]}'?" if close else ""


class TokenReader:
    """A cursor over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, distance: int = 1) -> Token:
        """A token further on; the last one when there are not so many."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def at(self, *values: str) -> bool:
        """Whether the next tokens are these keywords or operators."""
        for distance, value in enumerate(values):
            token = self.ahead(distance)
            # The value first, in which most tokens differ.
            if token.value != value or token.kind not in _WITH_FIXED_VALUES:
                return False
        return True

    def accept(self, *values: str) -> bool:
        """Step over these keywords or operators if they come next."""
        if self.at(*values):
            self.index += len(values)
            return True
        return False

    def expect(self, *values: str) -> None:
        for value in values:
            if not self.accept(value):
                self.fail(value)

    def expect_one_of(self, *values: str) -> str:
        """Step over whichever of these keywords comes next, and say which."""
        for value in values:
            if self.accept(value):
                return value
        raise self.failure(*values)

    def fail(self, *expected: str) -> NoReturn:
        """Complain about the next token, naming what would have been right."""
        raise self.failure(*expected)

    def failure(self, *expected: str) -> KsqlSyntaxError:
        """The complaint about the next token."""
        token = self.token
        if expected == (";",):
            detail = f"missing ';' at '{token.text}'" if token.kind == "end" else f"Unexpected '{token.text}'"
        elif expected == ("name",) and token.kind == "word":
            detail = (
                f"'{token.text}' is a reserved keyword and it can't be used as an identifier. "
                f"You can use it as an identifier by escaping it as '{token.text}' "
            )
        else:
            detail = f"Expecting {' or '.join(map(repr, expected))} but found '{token.text}'"
        if token.kind == "word" and expected != ("name",):
            detail += near_miss(token.value, expected)
        return KsqlSyntaxError(f"Syntax Error\n{detail}", token.line, token.column, self.text)

    def mismatch(self, *expected: str) -> KsqlSyntaxError:
        """The complaint about the next token as ksqlDB words it where any of several would have been right."""
        token = self.token
        detail = f"Syntax Error\nExpecting {{{', '.join(expected)}}}\nStatement: {self.text.strip()}"
        return KsqlSyntaxError(detail, token.line, token.column, self.text)

    def at_name(self) -> bool:
        token = self.token
        return token.kind in ("quoted", "digits") or (token.kind == "word" and token.value not in RESERVED)

    def name(self) -> str:
        """An identifier: upper case unless quoted."""
        if not self.at_name():
            self.fail("name")
        return self.advance().value

    def string(self) -> str:
        if self.token.kind != "string":
            self.fail("a string")
        return self.advance().value

    def integer(self) -> int:
        if self.token.kind != "integer":
            self.fail("a whole number")
        return int(self.advance().text)

    def listed(self, item: Callable[[], _T]) -> tuple[_T, ...]:
        """One or more, separated by commas."""
        items = [item()]
        while self.accept(","):
            items.append(item())
        return tuple(items)

    def enclosed(self, item: Callable[[], _T], empty: bool = False) -> tuple[_T, ...]:
        """A list in parentheses."""
        self.expect("(")
        items = () if empty and self.at(")") else self.listed(item)
        self.expect(")")
        return items
