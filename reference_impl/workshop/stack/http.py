"""Whether a server answers over HTTP."""

from __future__ import annotations

import httpx


def answers(url: str) -> bool:
    """Whether a GET of ``url`` is answered with success. The environment's proxy is not asked."""
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False
