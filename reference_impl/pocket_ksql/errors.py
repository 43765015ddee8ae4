"""What can go wrong between a text and a running query, named for what the user did.

::

    KsqlError                     the base; carries a message for people
    ├── KsqlSyntaxError           the text does not parse (has line and column)
    ├── KsqlStatementError        the statement is understood and refused (has its text and an error code)
    │   └── ConversionError       a value cannot become one of the type that its place asks for
    └── RecordError               one record cannot be read or written; the query goes on without it
"""

from __future__ import annotations

BAD_REQUEST = 40000
BAD_STATEMENT = 40001
QUERY_AT_WRONG_ENDPOINT = 40002


class KsqlError(Exception):
    """Base of all errors raised by this package."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class KsqlStatementError(KsqlError):
    """A statement that is refused.

    ``statement_text`` is what ksqlDB reports beside the message; ``None`` makes it a plain "generic error".
    """

    def __init__(self, message: str, statement_text: str | None = None, error_code: int = BAD_STATEMENT) -> None:
        super().__init__(message)
        self.statement_text = statement_text
        self.error_code = error_code


class KsqlSyntaxError(KsqlStatementError):
    """A text that does not parse; ``line`` and ``column`` count from one."""

    def __init__(self, detail: str, line: int, column: int, statement_text: str | None = None) -> None:
        super().__init__(f"line {line}:{column}: {detail}", statement_text)
        self.line = line
        self.column = column


class ConversionError(KsqlStatementError):
    """A value that does not convert to the type that its place in an expression asks for."""


class RecordError(KsqlError):
    """A record that a format cannot read or write; the message says which column and why."""
