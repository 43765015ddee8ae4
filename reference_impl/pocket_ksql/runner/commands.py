"""The command topic: every statement that changed something, in order.

A server repeats all of them when it starts, and those of other servers of its service id as they come.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import OFFSET_END, Consumer, KafkaException, Message, TopicPartition

from pocket_ksql.kafka import Kafka, TopicLog, edge_offsets, read_batch

_log = logging.getLogger(__name__)

_TIMEOUT = 10.0
_BATCH = 1000


@dataclass(frozen=True)
class Command:
    """A statement as it was carried out.

    ``sequence`` is the number that ksqlDB reports. It writes each command in a transaction, whose marker takes
    an offset too: hence the even numbers. Ids of queries carry the odd number before it.
    """

    id: str
    statement: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 0


class CommandLog:
    """Commands in a topic of one partition, in the JSON of ksqlDB's command topic."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._kafka = kafka
        self._log = TopicLog(kafka, topic, {"cleanup.policy": "delete", "retention.ms": "-1"})
        self._partition = (topic, 0)
        self._place = TopicPartition(*self._partition, 0)
        self._consumer: Consumer | None = None
        # A client of its own to ask for the end: on the connection of the other, the question would wait until the
        # broker has answered the fetch that is under way, half a second while nothing comes.
        self._asking = kafka.reader()
        self._read = 0
        self._known = 0

    @property
    def next_sequence(self) -> int:
        return 2 * self._known

    @property
    def next_number(self) -> int:
        """The number in the id of the query that the next command starts."""
        return self.next_sequence - 1

    def read(self) -> Iterator[Command]:
        """Commands since the last call, all at first; makes the topic when it is not there yet."""
        consumer = self._reader()
        [end] = edge_offsets(self._asking, [self._partition], OFFSET_END, _TIMEOUT).values()
        while self._read < end:
            yield from self._taken(read_batch(consumer, _BATCH, _TIMEOUT))

    def rewind(self) -> None:
        """Have all commands read again."""
        self._read = 0
        self._reader().seek(self._place)

    def look(self) -> Iterator[Command]:
        """Commands that have been fetched since the last call, without asking the broker."""
        yield from self._taken(read_batch(self._reader(), _BATCH, 0))

    def _reader(self) -> Consumer:
        if self._consumer is None:
            self._log.make()
            self._consumer = self._kafka.reader()
            self._consumer.assign([self._place])
        return self._consumer

    def _taken(self, messages: Iterable[Message]) -> Iterator[Command]:
        for message in messages:
            error = message.error()
            if error is not None:
                if error.retriable():
                    continue
                raise KafkaException(error)
            offset = message.offset() or 0
            self._read = offset + 1
            self._known = max(self._known, self._read)
            sequence = 2 * offset
            try:
                content = json.loads(message.value() or b"")
                command_id = json.loads(message.key() or b'""')
                yield Command(command_id, content["statement"], content["streamsProperties"], sequence)
            except (ValueError, KeyError, TypeError) as failure:
                _log.warning("Command %d is not readable and is left out: %s", sequence, failure)

    def append(self, command_id: str, statement: str, properties: Mapping[str, Any]) -> int:
        """Keep a command; returns its sequence number once it is safe. `read` gives it too."""
        content = {"statement": statement, "streamsProperties": dict(properties), "originalProperties": {}}
        offset = self._log.append(json.dumps(command_id).encode(), json.dumps(content).encode())
        self._known = max(self._known, offset + 1)
        return 2 * offset

    def close(self) -> None:
        self._asking.close()
        if self._consumer is not None:
            self._consumer.close()
