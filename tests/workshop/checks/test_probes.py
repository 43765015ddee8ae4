"""Functions that run beside the learner's code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workshop.checks import probes


def doubled(items: Iterable[int]) -> Iterator[int]:
    """Two of each, as they come."""
    for item in items:
        yield item
        yield item


def test_the_arguments_of_the_check_stay_as_they_are() -> None:
    given = [3, 1, 2]
    assert probes.arguments_after(list.sort, [given]) == [[1, 2, 3]]
    assert given == [3, 1, 2]


def test_an_iterator_has_no_length_and_ends() -> None:
    assert probes.of_iterator(lambda items: (hasattr(items, "__len__"), list(items), list(items)), [1, 2]) == (
        False,
        [1, 2],
        [],
    )


def test_what_is_taken_for_the_first_items_is_counted() -> None:
    assert probes.taken_for_first(doubled, range(10), 3) == ([0, 0, 1], 2)
    assert probes.taken_for_first(sorted, [3, 1, 2], 1) == ([1], 3)
