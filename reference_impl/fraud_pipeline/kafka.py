"""What every Kafka client of the pipeline does alike: make topics, read a batch, describe a dead letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConsumerGroupDescription, NewTopic, OffsetSpec
from tenacity import RetryError, Retrying, retry, retry_if_exception, retry_if_result, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection

Header = tuple[str, bytes]
Place = tuple[str, int]
"""A partition: its topic and its number."""


#: Records carry the time of their payment, which may be years ago; Kafka's default retention counts from there
#: and would delete them within minutes.
KEEP_FOREVER = {"retention.ms": "-1"}

#: For a consumer that reads to the end of a topic and stops there: how long the broker waits for a record more before
#: it says that there is none. Its usual 500 ms are for those who follow the topic.
READ_TO_END = {"fetch_wait_max_ms": 20}


_STILL_BEING_MADE = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
"""What a broker says of a topic or a partition that is not ready yet, right after its creation."""


def while_kafka_says(codes: Collection[int]) -> retry_if_exception:
    """The condition for another try: Kafka's error is one of ``codes``."""
    return retry_if_exception(lambda error: isinstance(error, KafkaException) and error.args[0].code() in codes)


def ensure_topics(
    connection: Connection, partitions: Mapping[str, int], config: Mapping[str, str] = KEEP_FOREVER
) -> None:
    """Create each topic of ``partitions`` (name → number of partitions) that does not exist yet.

    On return the broker knows them: whoever asks for one now finds it. Raises KafkaException.
    """
    admin = AdminClient(connection.kafka())
    topics = [NewTopic(name, num_partitions=count, config=dict(config)) for name, count in partitions.items()]
    for future in admin.create_topics(topics).values():
        error = future.exception()  # raised in vain, it would keep the client alive by its traceback
        if error is not None and not _is_there_already(error):
            raise error
    for name in partitions:
        _await_topic(admin, name)


def _is_there_already(error: BaseException) -> bool:
    return isinstance(error, KafkaException) and error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS


@retry(retry=while_kafka_says(_STILL_BEING_MADE), wait=wait_fixed(0.02), stop=stop_after_delay(30), reraise=True)
def _await_topic(admin: AdminClient, name: str) -> None:
    """The controller says that a topic is made a moment before the broker learns of it."""
    topic = admin.list_topics(name, timeout=10).topics[name]
    leaderless = (partition.error for partition in topic.partitions.values() if partition.leader < 0)
    for error in (topic.error, *leaderless):
        if error is not None:
            raise KafkaException(error)


def read_batch(consumer: Consumer, most: int, wait: float) -> list[Message]:
    """Wait at most ``wait`` seconds for a first record, then take what else is there, up to ``most``.

    ``Consumer.consume(most, wait)`` would wait the whole time for a full batch; at a low rate that is
    latency for nothing.
    """
    first = consumer.poll(wait)
    if first is None:
        return []
    return [first, *consumer.consume(most - 1, 0)] if most > 1 else [first]


@retry(retry=while_kafka_says(_STILL_BEING_MADE), wait=wait_fixed(0.1), stop=stop_after_delay(10), reraise=True)
def end_offsets(consumer: Consumer, topic: str) -> dict[int, tuple[int, int]]:
    """The first offset and the next one to be written, of each partition of ``topic``; empty if it is absent."""
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    return {
        partition: consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        for partition in partitions
    }


def record_count(consumer: Consumer, topic: str) -> int:
    """Offsets that ``topic`` spans over all its partitions (transaction markers among them); 0 if it is absent."""
    return sum(high - low for low, high in end_offsets(consumer, topic).values())


def await_transactions(connection: Connection, topic: str, patience: float) -> bool:
    """Wait until every transaction that has written to ``topic`` has ended; false after ``patience`` seconds.

    What is written from now on does not matter. A broker ends a transaction in each partition a moment after the
    producer has been told so; one whose producer was killed it ends when ``transaction.timeout.ms`` have passed.
    """
    admin = AdminClient(connection.kafka())
    known = admin.list_topics(topic, timeout=10).topics[topic]
    places = [(topic, partition) for partition in known.partitions]
    written = edge_offsets(admin, places, OffsetSpec.latest())

    def have_ended() -> bool:
        readable = edge_offsets(admin, places, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
        return all(readable[place] >= end for place, end in written.items())

    waiting = Retrying(wait=wait_fixed(0.02), stop=stop_after_delay(patience), retry=retry_if_result(lambda so: not so))
    try:
        return waiting(have_ended)
    except RetryError:
        return False


@retry(retry=while_kafka_says(_STILL_BEING_MADE), wait=wait_fixed(0.1), stop=stop_after_delay(10), reraise=True)
def edge_offsets(
    admin: AdminClient,
    places: Collection[Place],
    edge: OffsetSpec,
    level: IsolationLevel = IsolationLevel.READ_UNCOMMITTED,
) -> dict[Place, int]:
    """For each partition the offset of its first record, or the one behind the last that a reader may see.

    ``edge`` is ``OffsetSpec.earliest()`` or ``OffsetSpec.latest()``; ``level`` is the reader's. Raises KafkaException.
    """
    if not places:
        return {}
    asked = admin.list_offsets({TopicPartition(*place): edge for place in places}, isolation_level=level)
    return {(place.topic, place.partition): answer.result().offset for place, answer in asked.items()}


COORDINATOR_IS_STARTING = (
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
)
"""What a broker that has just started says of groups: soon."""


@retry(retry=while_kafka_says(COORDINATOR_IS_STARTING), wait=wait_fixed(0.1), stop=stop_after_delay(30), reraise=True)
def describe_group(admin: AdminClient, group: str) -> ConsumerGroupDescription:
    """The members of a consumer group and what they read; a group that never was has none. Raises KafkaException."""
    return admin.describe_consumer_groups([group])[group].result()


def committed_offsets(admin: AdminClient, group: str) -> dict[Place, int]:
    """The next offset to read of each (topic, partition) in which ``group`` has committed one.

    Raises KafkaException. Where the group's coordinator is still starting, asking for offsets ends the whole process
    (librdkafka's issue 5040, found in 2.16 as well); asking for the group itself is answered, so that comes first.
    """
    describe_group(admin, group)
    answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result()
    return {
        (place.topic, place.partition): place.offset for place in answer.topic_partitions or [] if place.offset >= 0
    }


def dead_letter_headers(reason: str, **origin: object) -> list[Header]:
    """Headers of a dead letter: the reason, and where the record came from.

    ``dead_letter_headers("V7: not a number", topic="payments", partition=2, offset=17)`` gives
    ``dlq.reason``, ``dlq.topic``, ``dlq.partition`` and ``dlq.offset``.
    """
    return [("dlq.reason", reason.encode()), *((f"dlq.{name}", str(value).encode()) for name, value in origin.items())]


def headers_as_text(message: Message) -> dict[str, str]:
    """A record's headers as a dictionary of strings, for people to read."""
    headers = dict(message.headers() or ())
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""
        for name, value in headers.items()
    }
