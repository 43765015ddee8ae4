"""URLs taken apart as Java's URI does it: RFC 2396, and any other letter of Unicode besides."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_ESCAPED = "%[0-9A-Fa-f]{2}"
_OTHER = r"[^\x00-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""Beyond ASCII; blanks and control characters are none."""
_UNRESERVED = r"A-Za-z0-9_\-!.~'()*"
_USER = rf"(?:[{_UNRESERVED};:&=+$,]|{_ESCAPED}|{_OTHER})*"
_PATH = rf"(?:[{_UNRESERVED};:@&=+$,/]|{_ESCAPED}|{_OTHER})*"
_ANY = rf"(?:[{_UNRESERVED};:@&=+$,/?\[\]]|{_ESCAPED}|{_OTHER})"
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*"

_URI = re.compile(
    rf"(?:(?P<opaque>{_SCHEME}):(?!/){_ANY}+"
    rf"|(?:(?P<scheme>{_SCHEME}):(?=/)|(?![^/?#]*:))(?://(?P<authority>[^/?#]*))?(?P<path>{_PATH})(?:\?(?P<query>{_ANY}*))?)"
    rf"(?:#(?P<fragment>{_ANY}*))?"
)

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_BYTE = r"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"
_HOST = rf"{_BYTE}(?:\.{_BYTE}){{3}}|(?:{_LABEL}\.)*(?=[A-Za-z]){_LABEL}\.?|{_LABEL}\.?"
_SERVER = re.compile(rf"(?:{_USER}@)?(?P<host>\[(?P<v6>[^\]]*)\]|{_HOST})(?::(?P<port>\d*))?")
_REGISTERED = re.compile(rf"(?:[{_UNRESERVED};:@&=+$,]|{_ESCAPED}|{_OTHER})*")


@dataclass(frozen=True)
class Uri:
    """The parts of a URL as they are written in it; ``None`` where there is none."""

    scheme: str | None
    host: str | None
    port: int | None
    path: str | None
    query: str | None
    fragment: str | None


def read_uri(text: str) -> Uri:
    """The parts of ``text``. Raises ``ValueError`` if it is no URL.

    >>> read_uri("http://me@b.c:80/x?y#z")
    Uri(scheme='http', host='b.c', port=80, path='/x', query='y', fragment='z')
    >>> read_uri("mailto:me@b.c").path is None
    True
    """
    found = _URI.fullmatch(text)
    if found is None or (found["authority"] == "" and found.end("authority") == len(text)):
        raise _invalid(text)
    host, port = _server(found["authority"] or "", text)
    return Uri(found["scheme"] or found["opaque"], host, port, found["path"], found["query"], found["fragment"])


def _server(authority: str, text: str) -> tuple[str | None, int | None]:
    """Host and port; what is no name of a server has neither, but may stand there. Raises ``ValueError``."""
    found = _SERVER.fullmatch(authority)
    port = (found and found["port"]) or ""
    if found and len(port) <= 10 and int(port or 0) < 1 << 31 and _is_v6(found["v6"]):
        return found["host"], int(port) if port else None
    if not _REGISTERED.fullmatch(authority):
        raise _invalid(text)
    return None, None


def _is_v6(address: str | None) -> bool:
    """Whether what stands in brackets, if anything does, is an address."""
    try:
        return address is None or bool(ipaddress.IPv6Address(address))
    except ValueError:
        return False


def _invalid(text: str) -> ValueError:
    return ValueError(f"URL input has invalid syntax: {text}")
