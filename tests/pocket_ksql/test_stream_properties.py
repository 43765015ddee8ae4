"""Properties of Kafka's clients, as a query is given them."""

import pytest

from pocket_ksql.errors import KsqlError
from pocket_ksql.stream_properties import cache_bytes, commit_interval, fetch_min_bytes


def test_bytes_to_gather_are_a_number_of_at_least_one() -> None:
    assert fetch_min_bytes({"ksql.streams.fetch.min.bytes": "65536"}, 1) == 65_536
    assert fetch_min_bytes({"fetch.min.bytes": 0}, 7) == 1
    assert fetch_min_bytes({}, 7) == 7


def test_the_cache_s_size_has_two_names_of_which_the_newer_wins() -> None:
    assert cache_bytes({}, 7) == 7
    assert cache_bytes({"ksql.streams.cache.max.bytes.buffering": "0"}, 7) == 0
    assert cache_bytes({"cache.max.bytes.buffering": "0", "statestore.cache.max.bytes": 5}, 7) == 5


def test_the_commit_interval_is_given_in_milliseconds() -> None:
    assert commit_interval({"commit.interval.ms": "250"}, 2.0) == 0.25
    assert commit_interval({}, 2.0) == 2.0


@pytest.mark.parametrize("value", ["many", "-1", "1.5", ""])
def test_anything_else_is_refused_and_named(value: str) -> None:
    with pytest.raises(KsqlError, match=r"Invalid value .* for configuration fetch.min.bytes"):
        fetch_min_bytes({"fetch.min.bytes": value}, 1)
