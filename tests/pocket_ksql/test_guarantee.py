"""The property ``processing.guarantee``."""

import pytest

from pocket_ksql.errors import KsqlError
from pocket_ksql.guarantee import Guarantee, chosen_guarantee


@pytest.mark.parametrize("name", ["processing.guarantee", "ksql.streams.processing.guarantee"])
def test_a_query_chooses_with_or_without_the_prefix(name: str) -> None:
    assert chosen_guarantee({name: "EXACTLY_ONCE_V2"}, Guarantee.AT_LEAST_ONCE) is Guarantee.EXACTLY_ONCE
    assert chosen_guarantee({}, Guarantee.AT_LEAST_ONCE) is Guarantee.AT_LEAST_ONCE


def test_an_unknown_guarantee_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KsqlError, match=r"Invalid value exactly_once .* at_least_once, exactly_once_v2"):
        chosen_guarantee({"processing.guarantee": "exactly_once"}, Guarantee.AT_LEAST_ONCE)
