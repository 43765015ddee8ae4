"""Ports on loopback: the usual ones where they are free, others where they are not."""

from __future__ import annotations

import socket
from collections.abc import Collection

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` now."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
    return not accepts(port)  # a server on all interfaces still lets another bind to loopback


def accepts(port: int) -> bool:
    """Whether something listens on ``port`` now."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((HOST, port)) == 0


def choose(preferred: int, taken: Collection[int] = ()) -> int:
    """``preferred`` if it is free and not in ``taken``, else a port that the system picks. 0 prefers none."""
    if preferred and preferred not in taken and is_free(preferred):
        return preferred
    while True:
        with socket.socket() as candidate:
            candidate.bind((HOST, 0))
            port = int(candidate.getsockname()[1])
        if port not in taken:
            return port
