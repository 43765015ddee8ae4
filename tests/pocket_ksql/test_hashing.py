"""Where Kafka puts a key."""

from __future__ import annotations

import pytest

from pocket_ksql.hashing import murmur2, partition_of


@pytest.mark.parametrize(
    ("data", "expected"),  # from the tests of Apache Kafka's clients (UtilsTest)
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_keys_are_hashed_as_kafka_s_clients_do(data: bytes, expected: int) -> None:
    assert murmur2(data) == expected & 0xFFFFFFFF


def test_a_record_without_a_key_is_in_the_first_partition() -> None:
    assert partition_of(None, 4) == 0
