"""Two ways to write results and to remember how far the input has been read.

:class:`ExactlyOnce` puts both into one transaction: a reader with ``isolation.level=read_committed`` sees the
results of every payment once, whatever crashes in between. :class:`AtLeastOnce` writes first and commits
after: simpler and a little quicker, and after a crash some payments are scored a second time.

Transactions cost about the same whether they hold one record or thousands, so there is one per micro-batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.records import Outgoing
from fraud_pipeline.errors import PipelineError

log = logging.getLogger(__name__)

_PATIENCE = 30.0  # seconds for one request
_ATTEMPTS = 10


class DeliveryError(PipelineError):
    """Results could not be written, and trying again with this producer is of no use."""


class AbortedError(RuntimeError):
    """The transaction was aborted: nothing of it happened, and its batch may be read and delivered again."""


class Delivery(Protocol):
    """Writes the results of a micro-batch."""

    def deliver(self, records: Iterable[Outgoing], offsets: Sequence[TopicPartition]) -> None:
        """Write ``records`` and commit ``offsets`` (the next to be read). Raises :class:`AbortedError` and
        :class:`DeliveryError`."""


class ExactlyOnce:
    """Results and offsets in one transaction.

    ``transactional_id`` must be the same whenever the same instance starts again. Kafka then aborts at once
    what a killed predecessor left open, and refuses whatever a predecessor that is not quite dead yet may
    still send. Without a successor, ``timeout`` seconds pass until readers get past an open transaction.
    """

    def __init__(
        self, connection: Connection, consumer: Consumer, transactional_id: str, timeout: float, most: int
    ) -> None:
        self._consumer = consumer
        self._producer = Producer(
            _producer_settings(
                connection,
                most,
                transactional_id=transactional_id,
                transaction_timeout_ms=int(timeout * 1000),
                linger_ms=0,  # a batch is handed over whole: there is nothing to wait for
                retry_backoff_ms=1,  # the default of 100 ms would be most of a transaction's duration
            )
        )
        try:
            self._producer.init_transactions(_PATIENCE)
        except KafkaException as error:
            raise DeliveryError(f"cannot begin transactions as {transactional_id}: {error.args[0].str()}") from error

    def deliver(self, records: Iterable[Outgoing], offsets: Sequence[TopicPartition]) -> None:
        try:
            self._producer.begin_transaction()
            # The group's generation travels along: after a rebalance that this instance has not
            # noticed yet the broker refuses the offsets, and with them the whole transaction.
            group = self._consumer.consumer_group_metadata()
            # Offsets go first. Right after a transaction the broker is still closing it, and asks
            # to try again: the client does so after retry.backoff.ms for offsets, but after a
            # fixed 20 ms for records.
            send_offsets = self._producer.send_offsets_to_transaction
            _persist(lambda: send_offsets(list(offsets), group, _PATIENCE))
            _produce(self._producer, records)
            _persist(lambda: self._producer.commit_transaction(_PATIENCE))
        except KafkaException as error:
            problem = error.args[0]
            if problem.fatal() or not problem.txn_requires_abort():
                raise DeliveryError(explain(problem)) from error
            _persist(lambda: self._producer.abort_transaction(_PATIENCE))
            raise AbortedError(problem.str()) from error


class AtLeastOnce:
    """Results first, offsets after them: what was not committed before a crash is scored again."""

    def __init__(self, connection: Connection, consumer: Consumer, most: int) -> None:
        self._consumer = consumer
        self._producer = Producer(_producer_settings(connection, most))
        self._failures: list[KafkaError] = []

    def deliver(self, records: Iterable[Outgoing], offsets: Sequence[TopicPartition]) -> None:
        _produce(self._producer, records, self._note_failure)
        unsent = self._producer.flush(_PATIENCE)
        if self._failures:
            raise DeliveryError(explain(self._failures[0]))
        if unsent:
            raise DeliveryError(f"{unsent} results did not reach the broker within {_PATIENCE:.0f} s")
        try:
            self._consumer.commit(offsets=list(offsets), asynchronous=False)
        except KafkaException as error:
            if error.args[0].code() not in _REBALANCED:
                raise DeliveryError(explain(error.args[0])) from error
            log.warning("the group rebalanced meanwhile, another instance will score these payments again")

    def _note_failure(self, error: KafkaError | None, _message: object) -> None:
        if error is not None:
            self._failures.append(error)


_REBALANCED = (KafkaError.ILLEGAL_GENERATION, KafkaError.REBALANCE_IN_PROGRESS, KafkaError.UNKNOWN_MEMBER_ID)
_REPLACED = (
    KafkaError._FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
    KafkaError.PRODUCER_FENCED,
    KafkaError.FENCED_INSTANCE_ID,
)


def _producer_settings(connection: Connection, most: int, **settings: str | int) -> dict[str, Any]:
    return connection.kafka(
        enable_idempotence=True,
        compression_type="lz4",
        partitioner="murmur2_random",  # as Java clients and KSQL do: equal keys meet in joins
        queue_buffering_max_messages=max(100_000, 3 * most),  # a whole batch fits: scores, alerts, dead letters
        **settings,
    )


def _produce(producer: Producer, records: Iterable[Outgoing], on_delivery: Callable[..., None] | None = None) -> None:
    for record in records:
        producer.produce(
            record.topic,
            record.value,
            record.key,
            on_delivery=on_delivery,
            timestamp=record.timestamp,
            headers=[*record.headers] if record.headers else None,
        )


def _persist(request: Callable[[], object]) -> None:
    """Repeat a request of the transaction while the client says that repeating may help."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            request()
        except KafkaException as error:
            if not error.args[0].retriable() or attempt == _ATTEMPTS:
                raise
            log.warning("trying again: %s", error.args[0].str())
        else:
            return


def explain(error: KafkaError) -> str:
    """What a fatal error of a client means, in one line."""
    # The consumer reports what is fatal under one code for all; only its words say what it was.
    if error.code() in _REPLACED or (error.code() == KafkaError._FATAL and "fenced" in error.str()):
        return f"another scorer runs as the same instance; start each with its own --instance ({error.name()})"
    return f"{error.str()} ({error.name()})"
