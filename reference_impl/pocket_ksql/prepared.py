"""A parsed statement with its text."""

from __future__ import annotations

from dataclasses import dataclass

from pocket_ksql.language.statements import Statement


@dataclass(frozen=True)
class PreparedStatement:
    """One parsed statement: its text as sent (variables substituted), and its syntax tree."""

    text: str
    tree: Statement
