"""Functions on URLs."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote_plus, unquote, unquote_plus, urlsplit

from pocket_ksql.functions.registry import scalar

CATEGORY = "URL"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"\[[^\]]+\]|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{_LABEL}\.?|(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}\.?"
_SERVER = re.compile(rf"(?:[^@]*@)?(?P<host>{_HOST})(?::(?P<port>\d*))?")
"""The part of a URL that names a server; what is no name of one has neither host nor port, as for Java's URI."""

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
    found = _SERVER.fullmatch(_split(url).netloc)
    return found["host"] if found else None


@scalar("URL_EXTRACT_PORT", "(input STRING) -> INT")
def url_extract_port(url: str) -> int | None:
    """Returns the port of a URL."""
    found = _SERVER.fullmatch(_split(url).netloc)
    return int(found["port"]) if found and found["port"] else None


@scalar("URL_EXTRACT_PATH", "(input STRING) -> STRING")
def url_extract_path(url: str) -> str | None:
    """Returns the path of a URL; of one without slashes, such as a mail address, it is NULL."""
    parts = _split(url)
    return None if _is_opaque(parts) else unquote(parts.path)


def _is_opaque(parts: SplitResult) -> bool:
    """Whether nothing after the scheme has a meaning for Java's URI, as in ``mailto:me@home``."""
    return bool(parts.scheme) and not parts.netloc and not parts.path.startswith("/")


@scalar("URL_EXTRACT_QUERY", "(input STRING) -> STRING")
def url_extract_query(url: str) -> str | None:
    """Returns the query of a URL."""
    query = _query(url)
    return None if query is None else unquote(query)


def _query(url: str) -> str | None:
    parts = _split(url)
    _, mark, query = url.partition("#")[0].partition("?")
    return query if mark and not _is_opaque(parts) else None


@scalar("URL_EXTRACT_FRAGMENT", "(input STRING) -> STRING")
def url_extract_fragment(url: str) -> str | None:
    """Returns the fragment of a URL."""
    parts = _split(url)
    return unquote(parts.fragment) if "#" in url else None


@scalar("URL_EXTRACT_PARAMETER", "(input STRING, parameter STRING) -> STRING")
def url_extract_parameter(url: str, name: str) -> str | None:
    """Returns the value of one parameter of a URL."""
    for pair in (_query(url) or "").split("&"):
        key, equals, value = pair.partition("=")
        if unquote(key) == name and equals:
            return unquote(value)
    return None
