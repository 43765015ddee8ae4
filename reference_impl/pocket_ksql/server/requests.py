"""What the bodies of requests hold: JSON objects whose fields have the types that ksqlDB's REST API gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request

from pocket_ksql.server.errors import RequestError
from pocket_ksql.server.properties import check_not_prohibited

Body = Mapping[str, Any]


async def body_of(request: Request) -> Body:
    """The JSON object that a request carries. Raises ``RequestError`` if it is none."""
    return _object(await request.body())


async def optional_body_of(request: Request) -> Body:
    """The same, or nothing, of a request that need not carry any."""
    content = await request.body()
    return _object(content) if content.strip() else {}


def _object(content: bytes) -> Body:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"Malformed JSON in request: {error}") from error
    if not isinstance(body, dict):
        raise RequestError("The body of the request must be a JSON object")
    return body


def text(body: Body, name: str) -> str:
    """A field that must be there."""
    value = body.get(name)
    if not isinstance(value, str):
        raise RequestError(f"The body of the request must hold a string under '{name}'")
    return value


def properties(body: Body, *names: str) -> dict[str, Any]:
    """The properties that a request sets under any of ``names``, later ones first to be heeded; null sets nothing."""
    found = {name: value for field in names for name, value in _mapping(body, field).items() if value is not None}
    check_not_prohibited(found)
    return found


def variables(body: Body) -> dict[str, str]:
    """The variables that a request defines, as the text that takes their place."""
    given = _mapping(body, "sessionVariables")
    return {name: _written(value) for name, value in given.items() if value is not None}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def command_sequence_number(body: Body) -> int | None:
    """The command that a request wants carried out before it."""
    value = body.get("commandSequenceNumber")
    if value is not None and type(value) is not int:
        raise RequestError("'commandSequenceNumber' in the body of the request must be a whole number")
    return value


def topic_matcher(body: Body) -> Callable[[str], bool]:
    """Whether a topic is one of those that ``deleteTopicList`` names, each by its name or by a pattern."""
    given = body.get("deleteTopicList")
    listed = [] if given is None else given
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise RequestError("'deleteTopicList' in the body of the request must be a list of strings")
    try:
        patterns = [re.compile(one) for one in listed]
    except re.error as error:
        raise RequestError(f"Invalid pattern: {error.pattern!r}: {error}") from None
    return lambda topic: topic in listed or any(pattern.fullmatch(topic) for pattern in patterns)


def _mapping(body: Body, name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestError(f"'{name}' in the body of the request must be a JSON object")
    return value
