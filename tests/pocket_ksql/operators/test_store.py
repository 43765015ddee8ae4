"""Stores: state comes back from its changelog."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql.operators.state_codec import dump, load
from pocket_ksql.operators.store import Store

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text("ab"), inner),
    max_leaves=10,
)


@given(VALUES)
def test_states_come_back_from_bytes(value: Any) -> None:
    assert load(dump(value)) == value


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers())))
def test_a_store_comes_back_from_its_changes(puts: list[tuple[int, int | None]]) -> None:
    store, copy = Store("s"), Store("s")
    for key, value in puts:
        store.put((key, "k"), value)
        for change in store.drain_changes():
            copy.restore(change.key, change.value)
    assert sorted(copy.items()) == sorted(store.items())
    assert store.drain_changes() == []


def test_keys_may_hold_lists() -> None:
    store = Store("s")
    store.put(([1, 2],), "x")
    assert store.get(([1, 2],)) == "x"
    assert list(store.items()) == [(([1, 2],), "x")]
