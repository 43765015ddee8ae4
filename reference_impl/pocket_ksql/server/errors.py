"""Refusals in ksqlDB's JSON: a type, a code whose first three digits are the HTTP status, a message."""

from __future__ import annotations

import orjson
from starlette.responses import Response

from pocket_ksql.errors import BAD_REQUEST, BAD_STATEMENT, KsqlError, KsqlStatementError

JSON = "application/json"
SERVER_ERROR = 50000


class RequestError(KsqlError):
    """A request that cannot be understood or is sent to the wrong endpoint."""

    def __init__(self, message: str, code: int = BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code


def error_content(error: KsqlError) -> dict[str, object]:
    """The JSON of a refusal: about a statement where its text is known, generic otherwise."""
    if isinstance(error, KsqlStatementError) and error.statement_text is not None:
        return {
            "@type": "statement_error",
            "error_code": error.error_code,
            "message": error.message,
            "statementText": error.statement_text,
            "entities": [],
        }
    return {"@type": "generic_error", "error_code": error_code(error), "message": error.message}


def error_code(error: KsqlError) -> int:
    """ksqlDB's five-digit code of a refusal."""
    if isinstance(error, RequestError):
        return error.code
    if isinstance(error, KsqlStatementError):
        generic = error.statement_text is None and error.error_code == BAD_STATEMENT
        return BAD_REQUEST if generic else error.error_code
    return SERVER_ERROR


def error_response(error: KsqlError, media_type: str | None = JSON) -> Response:
    """The answer to a refused request."""
    return Response(orjson.dumps(error_content(error)), status_code=error_code(error) // 100, media_type=media_type)
