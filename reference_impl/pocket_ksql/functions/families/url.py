"""Functions on URLs."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote_plus, unquote, unquote_plus, urlsplit

from pocket_ksql.functions.registry import scalar

CATEGORY = "URL"

_ILLEGAL = re.compile(r"[\s<>\"{}|\\^`]")


def _split(url: str) -> SplitResult:
    """The parts of a URL; ``ValueError`` if it is none."""
    if _ILLEGAL.search(url) or re.search(r"%(?![0-9A-Fa-f]{2})", url):
        raise ValueError(f"URL input has invalid syntax: {url}")
    return urlsplit(url)


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
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url) if _split(url).scheme else None
    return found[1] if found else None


@scalar("URL_EXTRACT_HOST", "(input STRING) -> STRING")
def url_extract_host(url: str) -> str | None:
    """Returns the host of a URL."""
    parts = _split(url)
    authority = parts.netloc.rpartition("@")[2]
    host = re.match(r"(\[[^\]]*\]|[^:]*)", authority)
    return (host[1] or None) if host else None


@scalar("URL_EXTRACT_PORT", "(input STRING) -> INT")
def url_extract_port(url: str) -> int | None:
    """Returns the port of a URL."""
    return _split(url).port


@scalar("URL_EXTRACT_PATH", "(input STRING) -> STRING")
def url_extract_path(url: str) -> str | None:
    """Returns the path of a URL; of one without slashes, such as a mail address, it is NULL."""
    parts = _split(url)
    opaque = parts.scheme and not parts.netloc and not parts.path.startswith("/")
    return None if opaque else unquote(parts.path)


@scalar("URL_EXTRACT_QUERY", "(input STRING) -> STRING")
def url_extract_query(url: str) -> str | None:
    """Returns the query of a URL."""
    query = _split(url).query
    return unquote(query) if query else None


@scalar("URL_EXTRACT_FRAGMENT", "(input STRING) -> STRING")
def url_extract_fragment(url: str) -> str | None:
    """Returns the fragment of a URL."""
    fragment = _split(url).fragment
    return unquote(fragment) if fragment else None


@scalar("URL_EXTRACT_PARAMETER", "(input STRING, parameter STRING) -> STRING")
def url_extract_parameter(url: str, name: str) -> str | None:
    """Returns the value of one parameter of a URL."""
    for pair in _split(url).query.split("&"):
        key, equals, value = pair.partition("=")
        if unquote(key) == name and equals:
            return unquote(value)
    return None
