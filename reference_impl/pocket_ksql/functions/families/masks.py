"""Masking: texts of which one sees only the shape."""

from __future__ import annotations

from functools import lru_cache

from pocket_ksql import utf16
from pocket_ksql.functions.registry import scalar

CATEGORY = "STRING"

_MASKS = ("X", "x", "n", "-")


class _Masked(dict[int, str]):
    """What `str.translate` puts in the place of a character, found when the character comes for the first time."""

    def __init__(self, upper: str | None, lower: str | None, digit: str | None, other: str | None) -> None:
        self._masks = upper, lower, digit, other

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kinds = character.isupper(), character.islower(), character.isdecimal(), True
        mask = self._masks[kinds.index(True)]
        self[code] = masked = character if mask is None else mask[:1]
        return masked


_masked = lru_cache(8)(_Masked)
_usual = _Masked(*_MASKS)


def _masked_part(text: str, first: int, last: int, masks: tuple[str | None, ...]) -> str:
    """The characters from ``first`` to before ``last`` replaced by the mask of their kind; without one they stay."""
    halves = utf16.units(text)
    part = halves[first:last].translate(_masked(*masks) if masks else _usual)
    return utf16.text_of(halves[:first] + part + halves[last:])


def _count(text: str, count: int) -> int:
    return min(max(count, 0), utf16.length(text))


_FOUR = "upper STRING, lower STRING, digit STRING, other STRING"
_PART = ("(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING")


@scalar("MASK", "(input STRING) -> STRING", f"(input STRING, {_FOUR}) -> STRING", null_in_null_out=False)
def mask(text: str | None, *masks: str | None) -> str | None:
    """Masks every character: upper-case letters as X, lower-case as x, digits as n, others as -."""
    return None if text is None else _masked_part(text, 0, utf16.length(text), masks)


@scalar("MASK_LEFT", *_PART, null_in_null_out=False)
def mask_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the first numChars characters."""
    return None if text is None or count is None else _masked_part(text, 0, _count(text, count), masks)


@scalar("MASK_RIGHT", *_PART, null_in_null_out=False)
def mask_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the last numChars characters."""
    if text is None or count is None:
        return None
    size = utf16.length(text)
    return _masked_part(text, size - _count(text, count), size, masks)


@scalar("MASK_KEEP_LEFT", *_PART, null_in_null_out=False)
def mask_keep_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the first numChars characters."""
    return None if text is None or count is None else _masked_part(text, _count(text, count), utf16.length(text), masks)


@scalar("MASK_KEEP_RIGHT", *_PART, null_in_null_out=False)
def mask_keep_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the last numChars characters."""
    if text is None or count is None:
        return None
    return _masked_part(text, 0, utf16.length(text) - _count(text, count), masks)
