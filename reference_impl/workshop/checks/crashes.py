"""A learner's delivery with real Kafka clients that may crash: before any call, as when the power goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from tenacity import retry, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import Incoming, Outgoing
from fraud_pipeline.kafka import COORDINATOR_IS_STARTING, READ_TO_END, while_kafka_says

_PATIENCE = 30.0
_TOO_LARGE = b"x" * 50_000
_PRODUCER_CALLS = (
    "begin_transaction",
    "produce",
    "flush",
    "send_offsets_to_transaction",
    "commit_transaction",
    "abort_transaction",
)
_CONSUMER_CALLS = ("commit", "store_offsets")


@retry(
    retry=while_kafka_says((*COORDINATOR_IS_STARTING, KafkaError._TIMED_OUT)),
    wait=wait_fixed(0.1),
    stop=stop_after_delay(_PATIENCE),
    reraise=True,
)
def go_on(consumer: Consumer, topic: str) -> list[int]:
    """Let ``consumer`` read all of ``topic`` from what its group has committed, alone; the partitions.

    On a broker that has just started the group's coordinator may not be there yet. The client, left to fetch the
    offsets itself, then stalls for long.
    """
    partitions = sorted(consumer.list_topics(topic, timeout=_PATIENCE).topics[topic].partitions)
    committed = consumer.committed([TopicPartition(topic, one) for one in partitions], timeout=5)
    consumer.assign([TopicPartition(topic, one.partition, max(one.offset, 0)) for one in committed])
    return partitions


class CrashError(BaseException):
    """The power has gone. No ``except Exception`` holds it, and no call works after it."""


class _Power:
    """Lasts for so many calls; ``None``: for ever."""

    def __init__(self, left: int | None) -> None:
        self._left = left
        self.gone = False

    def use(self, call: str) -> None:
        if self._left == 0:
            self.gone = True
            raise CrashError(f"crashed before {call}")
        if self._left is not None:
            self._left -= 1


def delivering(
    next_offsets: Callable[..., Any],
    deliver: Callable[..., None],
    connection: Connection,
    topics: Sequence[str],
    most: int,
    crash_at: int | None = None,
    refused: bool = False,
    silent: bool = False,
) -> dict[str, Any]:
    """Read a topic to its end in micro-batches of at most ``most``, and hand each to the learner's ``deliver``.

    ``topics`` are source, scores and alerts. The source's name is the group's and the transactional id's as well, so
    that a second call goes on as a restarted scorer does. With ``crash_at`` all client calls from that number on fail
    (the first is 0). With ``refused`` the first batch is tried once with an alert that its topic refuses; what that
    raised is ``raised``. With ``silent`` no batch has results. ``batches`` is how many were delivered.
    """
    source, scores, alerts = topics
    power, batches = _Power(crash_at), 0
    raised: str | None = None
    producer = _needing_power(Producer, _PRODUCER_CALLS, power)(
        connection.kafka(transactional_id=source, linger_ms=0, retry_backoff_ms=1)
    )
    consumer = _needing_power(Consumer, _CONSUMER_CALLS, power)(
        connection.kafka(
            group_id=source,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            enable_partition_eof=True,
            isolation_level="read_committed",
            **READ_TO_END,
        )
    )
    producer.init_transactions(_PATIENCE)
    with closing(consumer):
        try:
            for batch in _batches(consumer, source, most):
                results = [] if silent else _results(batch, scores, alerts)
                if refused and batches == 0:
                    spoilt = [*results, Outgoing(alerts, None, _TOO_LARGE, 0)]
                    raised = _error(deliver, producer, consumer, spoilt, next_offsets(source, batch))
                # The client has numbered the refused record: the transaction after it may fail for the gap, once.
                if raised is None or _error(deliver, producer, consumer, results, next_offsets(source, batch)):
                    deliver(producer, consumer, results, next_offsets(source, batch))
                if power.gone:  # the learner's code has held the error, and went on
                    break
                batches += 1
        except CrashError:
            # As the next producer of that name would. Left alone, this one may end all of Python, by an assertion of
            # librdkafka's that does not hold (2.16, `txn_req_cnt > 0`), when Python collects it.
            with suppress(KafkaException):
                Producer.abort_transaction(producer, _PATIENCE)
    return {"batches": batches, "crashed": power.gone, "raised": raised}


def _needing_power(client: type, calls: Sequence[str], power: _Power) -> Callable[..., Any]:
    """``client`` with ``calls`` that need power; otherwise it is what it was."""

    def needing(name: str) -> Callable[..., Any]:
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            power.use(name)
            return getattr(client, name)(self, *arguments, **named)

        return call

    return type(client.__name__, (client,), {name: needing(name) for name in calls})


def _error(function: Callable[..., object], *arguments: Any) -> str | None:
    """The name of the class of what ``function`` raises."""
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001 - the learner's code may raise what it likes
        return type(error).__name__
    return None


def _batches(consumer: Consumer, topic: str, most: int) -> Iterator[list[Incoming]]:
    """What the group has not committed yet. No rebalance: all partitions are this consumer's."""
    unfinished = set(go_on(consumer, topic))
    batch: list[Incoming] = []
    while unfinished:
        message = consumer.poll(_PATIENCE)
        if message is None:
            raise TimeoutError(f"Kafka has given nothing of {topic} for {_PATIENCE:.0f} s")
        partition, offset, error = message.partition() or 0, message.offset() or 0, message.error()
        if error is None:
            batch.append(Incoming(partition, offset, message.timestamp()[1], message.key(), message.value()))
        elif error.code() == KafkaError._PARTITION_EOF:
            unfinished.discard(partition)
        elif error.fatal():
            raise KafkaException(error)  # other errors pass: the client tries again
        if batch and (len(batch) == most or not unfinished):
            yield batch
            batch = []


def _results(batch: Sequence[Incoming], scores: str, alerts: str) -> list[Outgoing]:
    """A score for each record, and an alert for every value that ends with 7."""
    scored = [
        Outgoing(scores, one.key, b"score of " + (one.value or b""), one.timestamp, [("model", b"pca-1")])
        for one in batch
    ]
    return [*scored, *(one._replace(topic=alerts) for one in scored if (one.value or b"").endswith(b"7"))]
