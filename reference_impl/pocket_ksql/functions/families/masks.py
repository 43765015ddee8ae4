"""Masking: texts of which one sees only the shape."""

from __future__ import annotations

from functools import lru_cache

from pocket_ksql.functions.registry import scalar

CATEGORY = "STRING"

_MASKS = ("X", "x", "n", "-")


class _Masked(dict[int, str]):
    """What `str.translate` puts in the place of a character, found when the character comes for the first time."""

    def __init__(self, upper: str | None, lower: str | None, digit: str | None, other: str | None) -> None:
        self._masks = upper, lower, digit, other

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kinds = character.isupper(), character.islower(), character.isdigit(), True
        mask = self._masks[kinds.index(True)]
        self[code] = masked = character if mask is None else mask[:1]
        return masked


_masked = lru_cache(8)(_Masked)
_usual = _Masked(*_MASKS)


def mask_text(text: str, masks: tuple[str | None, ...]) -> str:
    """Each character replaced by the mask of its kind (upper, lower, digit, other); without one it stays.

    No ``masks`` at all are the usual ones.
    """
    return text.translate(_masked(*masks) if masks else _usual)


_FOUR = "upper STRING, lower STRING, digit STRING, other STRING"


@scalar("MASK", "(input STRING) -> STRING", f"(input STRING, {_FOUR}) -> STRING", null_in_null_out=False)
def mask(text: str | None, *masks: str | None) -> str | None:
    """Masks every character: upper-case letters as X, lower-case as x, digits as n, others as -."""
    return None if text is None else mask_text(text, masks)


def _count(text: str | None, count: int | None) -> int | None:
    if text is None or count is None:
        return None
    size = len(text)
    return count if 0 <= count <= size else 0 if count < 0 else size


@scalar("MASK_LEFT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the first numChars characters."""
    at = _count(text, count)
    return None if text is None or at is None else mask_text(text[:at], masks) + text[at:]


@scalar("MASK_RIGHT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the last numChars characters."""
    at = _count(text, count)
    if text is None or at is None:
        return None
    return text[: len(text) - at] + mask_text(text[len(text) - at :], masks)


@scalar("MASK_KEEP_LEFT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_keep_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the first numChars characters."""
    at = _count(text, count)
    return None if text is None or at is None else text[:at] + mask_text(text[at:], masks)


@scalar("MASK_KEEP_RIGHT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_keep_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the last numChars characters."""
    at = _count(text, count)
    if text is None or at is None:
        return None
    return mask_text(text[: len(text) - at], masks) + text[len(text) - at :]
