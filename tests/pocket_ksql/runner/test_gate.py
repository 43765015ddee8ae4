"""Holding a thread, and knowing that it is held."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from pocket_ksql.runner.gate import Gate

_PATIENCE = 20.0


class Walker:
    """A thread that passes through a gate once."""

    def __init__(self, gate: Gate) -> None:
        self.passed = Event()
        self.thread = Thread(target=self._walk, args=[gate], daemon=True)
        self.thread.start()

    def _walk(self, gate: Gate) -> None:
        gate.pass_through()
        self.passed.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()


def test_an_open_gate_holds_nobody(gate: Gate) -> None:
    assert Walker(gate).passed.wait(_PATIENCE)


def test_a_closed_gate_holds_until_it_is_opened(gate: Gate) -> None:
    gate.close()
    walker = Walker(gate)
    assert gate.wait_until_held(_PATIENCE)
    assert not walker.passed.is_set()
    gate.open()
    assert walker.passed.wait(_PATIENCE)


def test_one_that_has_not_come_to_the_closed_gate_is_not_held(gate: Gate) -> None:
    gate.close()
    assert not gate.wait_until_held(0.001)


def test_whoever_waits_for_the_hold_is_not_kept_by_a_gate_that_is_opened(gate: Gate) -> None:
    gate.close()
    waiter = Thread(target=gate.wait_until_held, args=[_PATIENCE], daemon=True)
    waiter.start()
    gate.open()
    waiter.join(_PATIENCE / 2)
    assert not waiter.is_alive()


def test_a_gate_that_is_closed_right_after_it_was_opened_holds_or_has_let_pass_but_never_does_both(gate: Gate) -> None:
    for _ in range(300):
        gate.close()
        walker = Walker(gate)
        assert gate.wait_until_held(_PATIENCE)
        gate.open()
        gate.close()
        if gate.wait_until_held(0):
            assert not walker.passed.wait(0.001), "it passes after it was said to be held"
        gate.open()
        assert walker.passed.wait(_PATIENCE)
