"""Framed messages over a socket, with limits: one JSON header, then raw blobs."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

MAX_HEADER = 16 * 2**20
MAX_BLOBS = 256 * 2**20
_MAX_BLOB_COUNT = 100_000
_SIZES = struct.Struct("!II")
_LENGTH = struct.Struct("!I")
_CHUNK = 2**20


class Line(Protocol):
    """What a channel needs of a socket, so that two pipes can be one, too."""

    def settimeout(self, value: float | None, /) -> None: ...

    def sendall(self, data: bytes, /) -> None: ...

    def recv(self, size: int, /) -> bytes: ...


class ChannelError(Exception):
    """The other side has sent what is no message, or has gone."""


class ChannelTimeoutError(ChannelError):
    """The other side did not answer in time."""


@dataclass(frozen=True)
class Message:
    """What one side says to the other; ``body`` is plain JSON that may refer to ``blobs`` by number."""

    body: Any
    blobs: Sequence[bytes] = ()


def send(channel: Line, message: Message, timeout: float | None = None) -> None:
    """Send one message. Raises ``ChannelError``, also where the other side takes longer than ``timeout`` seconds."""
    header = json.dumps(message.body).encode()
    lengths = b"".join(_LENGTH.pack(len(blob)) for blob in message.blobs)
    channel.settimeout(timeout)
    try:
        channel.sendall(b"".join([_SIZES.pack(len(header), len(message.blobs)), lengths, header, *message.blobs]))
    except TimeoutError as error:
        raise ChannelTimeoutError("it takes no message") from error
    except OSError as error:
        raise ChannelError(f"it has gone: {error}") from error


def receive(channel: Line, timeout: float | None = None) -> Message:
    """Wait for one message. Raises ``ChannelError`` for anything that is none, and before memory is spent on it."""
    deadline = None if timeout is None else time.monotonic() + timeout
    header_size, count = _SIZES.unpack(_exactly(channel, _SIZES.size, deadline))
    if header_size > MAX_HEADER or count > _MAX_BLOB_COUNT:
        raise ChannelError("the message is too large")
    sizes = [size for (size,) in _LENGTH.iter_unpack(_exactly(channel, count * _LENGTH.size, deadline))]
    if sum(sizes) > MAX_BLOBS:
        raise ChannelError("the message is too large")
    header = _exactly(channel, header_size, deadline)
    blobs = tuple(_exactly(channel, size, deadline) for size in sizes)
    try:
        return Message(json.loads(header), blobs)
    except (ValueError, RecursionError) as error:
        raise ChannelError(f"the message cannot be read: {error}") from error


def _exactly(channel: Line, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise ChannelTimeoutError("no answer in time")
        channel.settimeout(left)
        try:
            part = channel.recv(min(size - len(parts), _CHUNK))
        except TimeoutError as error:
            raise ChannelTimeoutError("no answer in time") from error
        except OSError as error:
            raise ChannelError(f"it has gone: {error}") from error
        if not part:
            raise ChannelError("it has ended")
        parts += part
    return bytes(parts)
