"""Records of several partitions merged by time."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql.records import Record
from pocket_ksql.runner.ordering import Merge


def record(timestamp: int, partition: int = 0, offset: int = 0) -> Record:
    return Record(None, None, timestamp, partition, offset)


def add(merge: Merge, topic: str, *records: Record) -> None:
    merge.add((topic, records[0].partition), records)


def taken(merge: Merge) -> list[tuple[str, int]]:
    return [(topic, one.timestamp) for topic, run in merge.take() for one in run]


def test_a_record_waits_until_no_partition_can_hold_an_earlier_one() -> None:
    merge = Merge([("t", 0), ("t", 1)])
    add(merge, "t", record(10, partition=0))
    assert taken(merge) == []
    add(merge, "t", record(5, partition=1))
    assert taken(merge) == [("t", 5)]
    add(merge, "t", record(12, partition=1))
    assert taken(merge) == [("t", 10)]


def test_nothing_waits_for_a_partition_that_was_read_to_its_end() -> None:
    merge = Merge([("t", 0), ("t", 1)])
    merge.reached_end(("t", 1))
    add(merge, "t", record(10, partition=0))
    merge.reached_end(("t", 0))
    assert taken(merge) == [("t", 10)]


def test_a_partition_that_has_new_records_is_waited_for_again() -> None:
    merge = Merge([("t", 0), ("t", 1)])
    merge.reached_end(("t", 0))
    add(merge, "t", record(3, partition=0))
    add(merge, "t", record(10, partition=1))
    merge.reached_end(("t", 1))
    assert taken(merge) == [("t", 3)]


def test_a_partition_of_which_there_is_more_after_all_is_waited_for() -> None:
    merge = Merge([("t", 0), ("t", 1)])
    merge.reached_end(("t", 0))
    merge.more_to_come(("t", 0))
    add(merge, "t", record(10, partition=1))
    merge.reached_end(("t", 1))
    assert taken(merge) == []
    add(merge, "t", record(3, partition=0))
    merge.reached_end(("t", 0))
    assert taken(merge) == [("t", 3), ("t", 10)]


def test_a_table_is_read_to_its_end_before_the_stream_whatever_the_times() -> None:
    merge = Merge([("payments", 0), ("users", 0)], first=["users"])
    add(merge, "payments", record(1))
    merge.reached_end(("payments", 0))
    add(merge, "users", record(1000))
    add(merge, "users", record(2000))
    assert taken(merge) == [("users", 1000), ("users", 2000)]
    merge.reached_end(("users", 0))
    assert taken(merge) == [("payments", 1)]


def test_a_table_comes_first_even_when_its_end_is_known_before_anything_was_taken() -> None:
    merge = Merge([("payments", 0), ("users", 0)], first=["users"])
    add(merge, "payments", record(1))
    add(merge, "users", record(1000))
    merge.reached_end(("payments", 0))
    merge.reached_end(("users", 0))
    assert taken(merge) == [("users", 1000), ("payments", 1)]


def test_a_table_that_was_caught_up_goes_by_time_and_first_at_the_same_time() -> None:
    merge = Merge([("payments", 0), ("users", 0)], first=["users"])
    merge.reached_end(("users", 0))
    add(merge, "payments", record(5))
    add(merge, "payments", record(7))
    merge.reached_end(("payments", 0))
    add(merge, "users", record(7))
    merge.reached_end(("users", 0))
    assert taken(merge) == [("payments", 5), ("users", 7), ("payments", 7)]


def test_positions_are_behind_what_was_taken_and_not_behind_what_waits() -> None:
    merge = Merge([("t", 0), ("t", 1)])
    add(merge, "t", record(10, partition=0, offset=4))
    add(merge, "t", record(20, partition=1, offset=8))
    assert taken(merge) == [("t", 10)]
    assert merge.positions == {("t", 0): 5}
    assert merge.waiting(("t", 1)) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50)), max_size=60))
def test_every_record_comes_out_once_and_each_partition_in_its_order(arrivals: list[tuple[int, int]]) -> None:
    merge = Merge([("t", partition) for partition in range(4)])
    arriving = [record(time, partition, offset) for offset, (partition, time) in enumerate(arrivals)]
    given_out: list[Record] = []
    for one in arriving:
        add(merge, "t", one)
        given_out += [each for _, run in merge.take() for each in run]
    for partition in range(4):
        merge.reached_end(("t", partition))
    given_out += [each for _, run in merge.take() for each in run]
    for partition in range(4):
        own = [one for one in given_out if one.partition == partition]
        assert own == [one for one in arriving if one.partition == partition]


@given(st.lists(st.lists(st.integers(0, 50), max_size=20).map(sorted), min_size=1, max_size=4))
def test_sorted_partitions_come_out_sorted(times: Sequence[Sequence[int]]) -> None:
    merge = Merge([("t", number) for number in range(len(times))])
    given_out: list[int] = []
    for partition, column in enumerate(times):
        for offset, time in enumerate(column):
            add(merge, "t", record(time, partition, offset))
            given_out += [time for _, time in taken(merge)]
        merge.reached_end(("t", partition))
    given_out += [time for _, time in taken(merge)]
    assert given_out == sorted(given_out)
    assert len(given_out) == sum(map(len, times))


@given(st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=6), max_size=6), st.data())
def test_records_that_come_together_are_ordered_as_if_they_came_one_by_one(
    batches: list[list[tuple[str, int]]], data: st.DataObject
) -> None:
    partitions = [("a", 0), ("b", 0), ("a", 1)]
    together, singly = Merge(partitions, first=["b"]), Merge(partitions, first=["b"])
    number = 0
    for batch in batches:
        for topic, partition in partitions:
            drawn = [time for name, time in batch if (name, time % 2 if name == "a" else 0) == (topic, partition)]
            arriving = [record(time, partition, number + at) for at, time in enumerate(drawn)]
            number += len(drawn)
            if arriving:
                together.add((topic, partition), arriving)
            for one in arriving:
                singly.add((topic, partition), [one])
        for ended in data.draw(st.sets(st.sampled_from(partitions))):
            together.reached_end(ended)
            singly.reached_end(ended)
        assert list(together.take()) == list(singly.take())
        assert together.positions == singly.positions
