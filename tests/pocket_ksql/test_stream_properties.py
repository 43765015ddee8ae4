"""Properties of Kafka's clients, as a query is given them."""

import pytest

from pocket_ksql.errors import KsqlError
from pocket_ksql.stream_properties import fetch_min_bytes


def test_bytes_to_gather_are_a_number_of_at_least_one() -> None:
    assert fetch_min_bytes({"ksql.streams.fetch.min.bytes": "65536"}, 1) == 65_536
    assert fetch_min_bytes({"fetch.min.bytes": 0}, 7) == 1
    assert fetch_min_bytes({}, 7) == 7


@pytest.mark.parametrize("value", ["many", "-1", "1.5", ""])
def test_anything_else_is_refused_and_named(value: str) -> None:
    with pytest.raises(KsqlError, match=r"Invalid value .* for configuration fetch.min.bytes"):
        fetch_min_bytes({"fetch.min.bytes": value}, 1)
