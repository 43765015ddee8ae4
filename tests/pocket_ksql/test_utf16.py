"""Texts counted in units of UTF-16."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import utf16
from pocket_ksql.ordering import order


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_units_are_those_of_utf_16_and_make_the_text_again(text: str) -> None:
    halved = utf16.units(text)
    assert [ord(unit) for unit in halved] == [
        int.from_bytes(text.encode("utf-16-be")[at : at + 2], "big") for at in range(0, 2 * len(halved), 2)
    ]
    assert utf16.length(text) == len(halved)
    assert utf16.text_of(halved) == text


@given(st.text(), st.integers(0, 20))
def test_whatever_is_cut_can_be_written(text: str, at: int) -> None:
    utf16.text_of(utf16.units(text)[at:]).encode()


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(_TEXTS, _TEXTS)
def test_order_is_that_of_the_units(one: str, other: str) -> None:
    in_java = one.encode("utf-16-be") < other.encode("utf-16-be")
    assert (order(one) < order(other)) == in_java
    if utf16.orders_alike(one):
        assert (one < other) == in_java
