"""Fetching from a real broker: where reading begins, where it ends, in which order records come."""

from collections.abc import Callable, Iterable

import pytest
from confluent_kafka import Producer

from pocket_ksql.kafka import Kafka, TopicLostError
from pocket_ksql.records import Produced, Record
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.source import Source
from tests.pocket_ksql.worlds import make_engine, start

NewTopic = Callable[[int], str]


def write(cluster: Kafka, topic: str, entries: Iterable[tuple[int, int]]) -> None:
    """Write records of (partition, timestamp)."""
    output = Output(cluster)
    output.send(Produced(topic, None, str(time).encode(), time, partition=partition) for partition, time in entries)
    output.flush()


def read_all(source: Source) -> list[tuple[str, Record]]:
    """Everything up to the ends that the source found at its start."""
    found: list[tuple[str, Record]] = []
    while not source.reached_ends:
        found += [(topic, record) for topic, run in source.read(1.0) for record in run]
    return found


def read(source: Source, count: int) -> list[tuple[str, Record]]:
    """At least ``count`` records, as they may be processed."""
    found: list[tuple[str, Record]] = []
    while len(found) < count:
        found += [(topic, record) for topic, run in source.read(1.0) for record in run]
    return found


def test_partitions_are_merged_by_time(cluster: Kafka, new_topic: NewTopic) -> None:
    topic = new_topic(3)
    write(cluster, topic, [(0, 100), (0, 400), (1, 200), (1, 500), (2, 300)])
    with Source(cluster, [topic], start="earliest") as source:
        times = [record.timestamp for _, record in read_all(source)]
    assert times == [100, 200, 300, 400, 500]


@pytest.mark.parametrize("fetch_min_bytes", [1, 65_536])
@pytest.mark.parametrize("count", [40, 3_000])
def test_what_comes_after_the_end_is_merged_by_time_too(
    cluster: Kafka, new_topic: NewTopic, count: int, fetch_min_bytes: int
) -> None:
    """The first partition's records are on their way before the others' are there."""
    topic = new_topic(3)
    with Source(cluster, [topic], start="earliest", fetch_min_bytes=fetch_min_bytes) as source:
        write(cluster, topic, [(number, 1) for number in range(3)])
        read(source, 3)
        for number in range(3):
            write(cluster, topic, [(number, 10 + 3 * at + number) for at in range(count)])
        times = [record.timestamp for _, record in read(source, 3 * count)]
    assert times == list(range(10, 10 + 3 * count))


def test_windows_get_the_rows_of_all_partitions(cluster: Kafka, new_topic: NewTopic) -> None:
    """A window takes no row once time has passed its end, so the order decides what is counted."""
    topic, seconds = new_topic(3), 500
    query = start(
        make_engine(),
        f"CREATE STREAM s (k STRING KEY, a INT) WITH (kafka_topic='{topic}', value_format='JSON');"
        "CREATE TABLE t AS SELECT k, COUNT(*) AS n FROM s"
        " WINDOW TUMBLING (SIZE 1 SECOND, GRACE PERIOD 0 SECONDS) GROUP BY k;",
    )
    task, counts = query.open(), {}
    assert task.keeps_state
    output = Output(cluster)
    with Source(cluster, query.source_topics, start="earliest", fetch_min_bytes=65_536) as source:
        for partition in range(3):
            times = [1_000 * second + 300 * nth for second in range(1, seconds) for nth in range(3)]
            key = f"p{partition}".encode()
            output.send(Produced(topic, key, b'{"A": 1}', time, partition=partition) for time in times)
            output.flush()
        left = 3 * len(times)
        while left:
            for name, run in source.read(1.0):
                counts.update({one.key: one.value for one in task.process(name, run)})
                left -= len(run)
    assert list(counts.values()) == [b'{"N":3}'] * 3 * (seconds - 1)


def test_an_open_transaction_is_not_waited_for(
    cluster: Kafka, new_topic: NewTopic, unique: Callable[[str], str]
) -> None:
    topic, rounds = new_topic(2), 5
    producer = Producer(cluster.settings(transactional_id=unique("writer")))
    producer.init_transactions()
    with Source(cluster, [topic], start="earliest") as source:
        producer.begin_transaction()
        for number in range(rounds):
            producer.produce(topic, b"", partition=0, timestamp=number + 1)
            producer.flush()
            write(cluster, topic, [(1, 10 + number)])
            assert [record.timestamp for _, record in read(source, 1)] == [10 + number]
        producer.commit_transaction()
        assert [record.timestamp for _, record in read(source, rounds)] == list(range(1, rounds + 1))


def test_an_aborted_transaction_holds_nothing_back(
    cluster: Kafka, new_topic: NewTopic, unique: Callable[[str], str]
) -> None:
    topic = new_topic(2)
    producer = Producer(cluster.settings(transactional_id=unique("writer")))
    producer.init_transactions()
    with Source(cluster, [topic], start="earliest") as source:
        for round_number in range(3):
            producer.begin_transaction()
            for _ in range(2_000):
                producer.produce(topic, b"", partition=0, timestamp=1)
            producer.abort_transaction()
            write(cluster, topic, [(1, 2)] * 500)
            assert len(read(source, 500)) == 500, round_number


def test_latest_begins_behind_what_is_there(cluster: Kafka, new_topic: NewTopic) -> None:
    topic = new_topic(1)
    write(cluster, topic, [(0, 1)])
    with Source(cluster, [topic], start="latest") as source:
        write(cluster, topic, [(0, 2)])
        runs: list[tuple[str, list[Record]]] = []
        while not runs:
            runs = source.read(1.0)
    assert [record.timestamp for _, run in runs for record in run] == [2]


def test_a_group_continues_behind_its_commit(cluster: Kafka, new_topic: NewTopic, unique: Callable[[str], str]) -> None:
    topic, group = new_topic(2), unique("group")
    write(cluster, topic, [(0, 1), (1, 2)])
    with Source(cluster, [topic], start="earliest", group=group) as source:
        assert len(read_all(source)) == 2
        source.commit(wait=True)
    write(cluster, topic, [(0, 3)])
    with Source(cluster, [topic], start="earliest", group=group) as source:
        assert [record.timestamp for _, record in read_all(source)] == [3]


def test_a_group_that_begins_at_the_end_stays_there_after_a_restart(
    cluster: Kafka, new_topic: NewTopic, unique: Callable[[str], str]
) -> None:
    topic, group = new_topic(1), unique("group")
    with Source(cluster, [topic], start="latest", group=group) as source:
        source.commit(wait=True)
    write(cluster, topic, [(0, 1)])
    with Source(cluster, [topic], start="latest", group=group) as source:
        assert [record.timestamp for _, record in read_all(source)] == [1]


def test_a_table_comes_before_the_stream(cluster: Kafka, new_topic: NewTopic) -> None:
    stream, table = new_topic(2), new_topic(1)
    write(cluster, stream, [(0, 1), (1, 2)])
    write(cluster, table, [(0, 1_000), (0, 2_000)])
    with Source(cluster, [stream, table], start="earliest", first=[table]) as source:
        order = [topic for topic, _ in read_all(source)]
    assert order == [table, table, stream, stream]


def test_markers_of_transactions_are_behind_what_has_been_read(
    cluster: Kafka, new_topic: NewTopic, unique: Callable[[str], str]
) -> None:
    topic = new_topic(1)
    producer = Producer(cluster.settings(transactional_id=unique("writer")))
    producer.init_transactions()
    for number in range(3):
        producer.begin_transaction()
        producer.produce(topic, value=str(number).encode())
        producer.commit_transaction()
    with Source(cluster, [topic], start="earliest") as source:
        assert [record.value for _, record in read_all(source)] == [b"0", b"1", b"2"]
        assert source.positions == source.ends == {(topic, 0): 6}


def test_headers_keys_and_tombstones_arrive_as_they_were_sent(cluster: Kafka, new_topic: NewTopic) -> None:
    topic = new_topic(1)
    output = Output(cluster)
    output.send([Produced(topic, b"k", None, 7, headers=(("h", b"1"), ("h", None)))])
    output.flush()
    with Source(cluster, [topic], start="earliest") as source:
        ((_, record),) = read_all(source)
    assert record == Record(b"k", None, 7, 0, 0, (("h", b"1"), ("h", None)))


def test_a_topic_that_does_not_exist_is_named(cluster: Kafka, unique: Callable[[str], str]) -> None:
    name = unique("nowhere")
    with pytest.raises(TopicLostError, match=name):
        Source(cluster, [name])


def test_keys_go_to_the_partitions_that_java_clients_choose(cluster: Kafka, new_topic: NewTopic) -> None:
    """Partitions of Kafka's DefaultPartitioner: murmur2 of the key, modulo 3."""
    topic = new_topic(3)
    output = Output(cluster)
    output.send(Produced(topic, key, b"", 0) for key in (b"Hans", b"Anna", b"Kai"))
    output.flush()
    with Source(cluster, [topic], start="earliest") as source:
        found = {record.key: record.partition for _, record in read_all(source)}
    assert found == {key: murmur2(key) % 3 for key in (b"Hans", b"Anna", b"Kai")}


def murmur2(data: bytes) -> int:
    """The hash of Kafka's Java client (public domain algorithm by Austin Appleby), made positive."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = (0x9747B28C ^ len(data)) & mask
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * m & mask
        k = (k ^ (k >> 24)) * m & mask
        h = (h * m & mask) ^ k
    if tail := data[whole:]:
        h = (h ^ int.from_bytes(tail, "little")) * m & mask
    h = (h ^ (h >> 13)) * m & mask
    return (h ^ (h >> 15)) & 0x7FFFFFFF
