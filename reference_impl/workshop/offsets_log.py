"""Kafka's own log of committed offsets: which of them were committed in a transaction.

No client tells that. It stands in the header of each batch of the log, so the batches are fetched as they lie there.
Layouts: Kafka's documentation, "Protocol" (Fetch, version 4) and "Message Format" (record batch).
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

from confluent_kafka import Consumer, KafkaError, KafkaException

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import end_offsets

_TOPIC = "__consumer_offsets"
_OFFSET_KEYS = (b"\0\0", b"\0\1")
"""The versions of a key that is an offset's."""

_FETCH, _VERSION = 1, 4
_MOST = 1 << 20  # bytes of an answer
_PATIENCE = 30.0
_BATCH_HEADER = struct.Struct(">qiibIhi")  # offset, length, epoch, magic, checksum, attributes, last offset's distance
_COUNT_AT = 57
_TRANSACTIONAL, _CONTROL = 0x10, 0x20


def has_offsets_in_transactions(connection: Connection, group: str) -> bool:
    """Whether ``group`` has committed offsets in a transaction.

    For a broker of one node that speaks without encryption, as those of checks do. Raises ``KafkaException`` and
    ``OSError``.
    """
    settings = connection.kafka(group_id="unused", isolation_level="read_uncommitted")  # not only what has ended
    with closing(Consumer(settings)) as consumer:
        edges = end_offsets(consumer, _TOPIC)
    host, _, port = connection.bootstrap_servers.rpartition(":")
    with socket.create_connection((host, int(port)), _PATIENCE) as broker:
        return any(
            _group_of(key) == group
            for partition, (low, high) in edges.items()
            for key in _keys_in_transactions(broker, partition, low, high)
        )


def _keys_in_transactions(broker: socket.socket, partition: int, low: int, high: int) -> Iterator[bytes]:
    """Keys of the records from ``low`` to before ``high`` that were written in transactions."""
    while low < high and (batches := _fetched(broker, partition, low)):
        place = 0
        while place + _BATCH_HEADER.size <= len(batches):
            first, length, _, _, _, attributes, distance = _BATCH_HEADER.unpack_from(batches, place)
            end = place + 12 + length
            if end > len(batches):  # the answer is full; the next one begins here
                break
            if attributes & _TRANSACTIONAL and not attributes & _CONTROL:
                yield from _keys(batches[place:end])
            low, place = first + distance + 1, end
        if place == 0:
            return


def _fetched(broker: socket.socket, partition: int, offset: int) -> bytes:
    """Whole batches, and perhaps a piece of another, from the one that holds ``offset``; nothing at the end."""
    name = struct.pack(">h", len(_TOPIC)) + _TOPIC.encode()
    wanted = struct.pack(">iiqi", 1, partition, offset, _MOST)
    asked = struct.pack(">hhihiiiibi", _FETCH, _VERSION, 0, -1, -1, 0, 1, _MOST, 0, 1) + name + wanted
    broker.sendall(struct.pack(">i", len(asked)) + asked)
    (size,) = struct.unpack(">i", _received(broker, 4))
    answer = _received(broker, size)
    # One topic with one partition: correlation, throttling and count; the name; count, partition, error and ends.
    error, _, _, aborted, length = struct.unpack_from(">hqqii", answer, 12 + len(name) + 8)
    if error:
        raise KafkaException(KafkaError(error))
    return answer[-length:] if aborted <= 0 and length > 0 else b""


def _received(broker: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = broker.recv(size - len(content))
        if not piece:
            raise ConnectionError("Kafka has closed the connection.")
        content += piece
    return bytes(content)


def _keys(batch: bytes) -> Iterator[bytes]:
    """The keys of a batch's records; none is compressed in this topic."""
    (count,) = struct.unpack_from(">i", batch, _COUNT_AT)
    place = _COUNT_AT + 4
    for _ in range(count):
        length, place = _varint(batch, place)
        end = place + length
        _, inside = _varint(batch, place + 1)  # behind the attributes: the times' difference
        _, inside = _varint(batch, inside)  # the offsets'
        key_length, inside = _varint(batch, inside)
        yield batch[inside : inside + max(key_length, 0)]
        place = end


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """A zigzag number of 7 bits a byte, and the place behind it."""
    number = shift = 0
    while True:
        byte = content[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), place


def _group_of(key: bytes) -> str | None:
    """The group whose offset a record of the log is; ``None`` for other records."""
    if key[:2] not in _OFFSET_KEYS:
        return None
    return key[4 : 4 + int.from_bytes(key[2:4], "big")].decode()
