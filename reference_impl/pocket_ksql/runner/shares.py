"""Which queries a server runs: all servers of one service id share them, and take over those of one that dies.

A query runs as one task, on one server. Kafka's own group membership decides where: queries are spread over the
partitions of a topic that holds nothing, and a server runs those whose partition it has been given.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import logging
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from pocket_ksql.kafka import ensure_topic
from pocket_ksql.settings import Settings

_log = logging.getLogger(__name__)

SHARES = 12
_DEAD_AFTER_MS = 10_000
"""Without a sign of life for so long a server has lost its queries to the others."""

_BEAT_MS = 1_000
_WAIT = 0.2
_TIMEOUT = 10.0


class Shares:
    """This server's membership. ``gained`` and ``lost`` are called from a thread of its own when shares move.

    Another server gets a share only after ``lost`` has returned, unless this one was taken for dead.
    """

    def __init__(
        self, settings: Settings, admin: AdminClient, gained: Callable[[], None], lost: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._admin = admin
        self._gained, self._lost = gained, lost
        self._topic = settings.shares_topic
        self._group = settings.shares_topic
        self._mine: frozenset[int] = frozenset()
        self._settled = Event()
        self._stopping = Event()
        self._starting = Lock()
        self._thread = Thread(target=self._run, name="shares", daemon=True)

    def start(self) -> None:
        """Begin to join, unless that was done before. Raises KafkaException; another call tries again."""
        with self._starting:
            if self._thread.ident is None:
                ensure_topic(self._admin, self._topic, SHARES)
                self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait for the first shares, up to so many ``seconds`` in all."""
        if not self._settled.wait(seconds):
            _log.warning("Kafka has not yet said which queries run here; those of a server that died move in 10 s.")
            self._settled.set()

    def stop(self) -> None:
        self._stopping.set()
        self._settled.set()
        if self._thread.ident is not None:
            self._thread.join()

    def owns(self, query_id: str) -> bool:
        """Whether the query is to run here."""
        return _share(query_id) in self._mine

    def owner(self, query_id: str) -> str | None:
        """The URL of the server that runs a query, ``None`` if there is none now. Raises KafkaException."""
        described = self._admin.describe_consumer_groups([self._group], request_timeout=_TIMEOUT)[self._group].result()
        for member in described.members:
            if any(place.partition == _share(query_id) for place in member.assignment.topic_partitions):
                url: str = member.client_id
                return url
        return None

    def _run(self) -> None:
        purpose = f"{self._settings.kafka.bootstrap_servers} {self._settings.service_id}"
        with ExitStack() as names:
            while not self._stopping.is_set():
                # A name that turns out to be another's stays claimed: the next one is a new one.
                self._take_part_as(names.enter_context(_claimed_name(purpose)))

    def _take_part_as(self, name: str) -> None:
        """Be a member until the server stops, or Kafka finds that another goes by this name."""
        consumer = self._settings.kafka.reader(
            group_id=self._group,
            # A server that is started again after a crash is known by its name, and goes on at once.
            group_instance_id=name,
            client_id=self._settings.url,
            partition_assignment_strategy="cooperative-sticky",
            session_timeout_ms=_DEAD_AFTER_MS,
            heartbeat_interval_ms=_BEAT_MS,
        )
        consumer.subscribe([self._topic], on_assign=self._take, on_revoke=self._give, on_lost=self._give)
        try:
            while not self._stopping.is_set():
                problem = _poll(consumer)
                if problem is None:
                    continue
                _log.warning("Sharing queries among servers as %s: %s", name, problem.str())
                if problem.code() == KafkaError._FATAL:  # the code of all from which a consumer cannot recover
                    self._give_all()
                    return
        finally:
            consumer.close()

    def _give_all(self) -> None:
        self._mine = frozenset()
        self._lost()

    def _take(self, consumer: Consumer, places: Sequence[TopicPartition]) -> None:
        self._mine |= {place.partition for place in places}
        consumer.incremental_assign(list(places))
        self._gained()
        self._settled.set()

    def _give(self, consumer: Consumer, places: Sequence[TopicPartition]) -> None:
        self._mine -= {place.partition for place in places}
        if not self._stopping.is_set():
            self._lost()
        consumer.incremental_unassign(list(places))


def _poll(consumer: Consumer) -> KafkaError | None:
    """Let the client do its work for a moment; gives what went wrong."""
    try:
        message = consumer.poll(_WAIT)
    except KafkaException as error:
        return error.args[0]
    return message.error() if message else None


def _share(query_id: str) -> int:
    return zlib.crc32(query_id.encode()) % SHARES


@contextmanager
def _claimed_name(purpose: str) -> Iterator[str]:
    """A name that no other process on this machine has for the same purpose, and that the next one gets again."""
    digest = hashlib.sha256(purpose.encode()).hexdigest()[:16]
    for number in itertools.count():
        path = Path(tempfile.gettempdir()) / f"pocket-ksql-{os.getuid()}-{digest}-{number}.lock"
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"{os.uname().nodename}-{number}"
            return
