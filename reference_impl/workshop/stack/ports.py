"""Ports on loopback: the usual ones where they are free, others where they are not."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection

HOST = "127.0.0.1"

# Below the ports that systems hand to outgoing connections: one that is free now will be free in a second, too.
_UNPREFERRED = (20_000, 30_000)


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
    """``preferred``, or the next port above it that is free and not in ``taken``. 0 prefers none in particular."""
    first = preferred or random.randrange(*_UNPREFERRED)
    return next(port for port in range(first, 2**16) if port not in taken and is_free(port))
