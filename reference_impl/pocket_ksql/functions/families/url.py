"""Functions on URLs."""

from __future__ import annotations

import re
from urllib.parse import quote_plus, unquote, unquote_plus

from pocket_ksql.functions.registry import scalar
from pocket_ksql.functions.uris import read_uri

CATEGORY = "URL"


def _decoded(part: str | None) -> str | None:
    return None if part is None else unquote(part)


@scalar("URL_ENCODE_PARAM", "(input STRING) -> STRING")
def url_encode_param(text: str) -> str:
    """Encodes a text as the value of a URL's parameter."""
    return quote_plus(text, safe="*-._").replace("~", "%7E")


@scalar("URL_DECODE_PARAM", "(input STRING) -> STRING")
def url_decode_param(text: str) -> str:
    """Decodes the value of a URL's parameter."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise ValueError(f"url_decode_param: {text} is no encoded parameter")
    return unquote_plus(text)


@scalar("URL_EXTRACT_PROTOCOL", "(input STRING) -> STRING")
def url_extract_protocol(url: str) -> str | None:
    """Returns the protocol of a URL."""
    return read_uri(url).scheme


@scalar("URL_EXTRACT_HOST", "(input STRING) -> STRING")
def url_extract_host(url: str) -> str | None:
    """Returns the host of a URL."""
    return read_uri(url).host


@scalar("URL_EXTRACT_PORT", "(input STRING) -> INT")
def url_extract_port(url: str) -> int | None:
    """Returns the port of a URL."""
    return read_uri(url).port


@scalar("URL_EXTRACT_PATH", "(input STRING) -> STRING")
def url_extract_path(url: str) -> str | None:
    """Returns the path of a URL; of one without slashes, such as a mail address, it is NULL."""
    return _decoded(read_uri(url).path)


@scalar("URL_EXTRACT_QUERY", "(input STRING) -> STRING")
def url_extract_query(url: str) -> str | None:
    """Returns the query of a URL."""
    return _decoded(read_uri(url).query)


@scalar("URL_EXTRACT_FRAGMENT", "(input STRING) -> STRING")
def url_extract_fragment(url: str) -> str | None:
    """Returns the fragment of a URL."""
    return _decoded(read_uri(url).fragment)


@scalar("URL_EXTRACT_PARAMETER", "(input STRING, parameter STRING) -> STRING")
def url_extract_parameter(url: str, name: str) -> str | None:
    """Returns the value of one parameter of a URL."""
    for pair in (read_uri(url).query or "").split("&"):
        key, equals, value = pair.partition("=")
        if unquote(key) == name and equals:
            return unquote(value)
    return None
