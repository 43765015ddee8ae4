"""Masking: texts of which one sees only the shape."""

from __future__ import annotations

from pocket_ksql.functions.registry import scalar

CATEGORY = "STRING"

_MASKS = ("X", "x", "n", "-")


def mask_text(text: str, masks: tuple[str | None, ...]) -> str:
    """Each character replaced by the mask of its kind (upper, lower, digit, other); without one it stays."""
    upper, lower, digit, other = masks
    masked = []
    for character in text:
        if character.isupper():
            mask = upper
        elif character.islower():
            mask = lower
        elif character.isdigit():
            mask = digit
        else:
            mask = other
        masked.append(character if mask is None else mask[:1])
    return "".join(masked)


_FOUR = "upper STRING, lower STRING, digit STRING, other STRING"


@scalar("MASK", "(input STRING) -> STRING", f"(input STRING, {_FOUR}) -> STRING", null_in_null_out=False)
def mask(text: str | None, *masks: str | None) -> str | None:
    """Masks every character: upper-case letters as X, lower-case as x, digits as n, others as -."""
    return None if text is None else mask_text(text, masks or _MASKS)


def _count(text: str | None, count: int | None) -> int | None:
    return None if text is None or count is None else min(max(count, 0), len(text))


@scalar("MASK_LEFT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the first numChars characters."""
    at = _count(text, count)
    return None if text is None or at is None else mask_text(text[:at], masks or _MASKS) + text[at:]


@scalar("MASK_RIGHT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the last numChars characters."""
    at = _count(text, count)
    if text is None or at is None:
        return None
    return text[: len(text) - at] + mask_text(text[len(text) - at :], masks or _MASKS)


@scalar("MASK_KEEP_LEFT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_keep_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the first numChars characters."""
    at = _count(text, count)
    return None if text is None or at is None else text[:at] + mask_text(text[at:], masks or _MASKS)


@scalar("MASK_KEEP_RIGHT", "(input STRING, numChars INT) -> STRING", f"(input STRING, numChars INT, {_FOUR}) -> STRING",
        null_in_null_out=False)  # fmt: skip
def mask_keep_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the last numChars characters."""
    at = _count(text, count)
    if text is None or at is None:
        return None
    return mask_text(text[: len(text) - at], masks or _MASKS) + text[len(text) - at :]
