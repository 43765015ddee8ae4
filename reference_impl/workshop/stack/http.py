"""Whether a server answers over HTTP."""

from __future__ import annotations

from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

_direct = build_opener(ProxyHandler({}))  # the servers are ours: no proxy of the environment is asked


def answers(url: str) -> bool:
    """Whether a GET of ``url`` is answered with success."""
    try:
        with _direct.open(url, timeout=5):
            return True
    except (URLError, OSError):
        return False
