"""Functions on STRING."""

from __future__ import annotations

from pocket_ksql.functions.registry import scalar

_MASKS = ("X", "x", "n", "-")
_MASK_ARGUMENTS = "upper STRING, lower STRING, digit STRING, other STRING"


def _masker(upper: str | None, lower: str | None, digit: str | None, other: str | None) -> dict[str, str | None]:
    return {"upper": upper, "lower": lower, "digit": digit, "other": other}


def mask_text(text: str, upper: str | None, lower: str | None, digit: str | None, other: str | None) -> str:
    """Each character replaced by the mask of its kind; without a mask for its kind it stays."""
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


@scalar("MASK_LEFT", "(input STRING, numChars INT) -> STRING")
def mask_left(text: str, count: int) -> str:
    """Masks the first numChars characters."""
    return mask_text(text[:count], *_MASKS) + text[count:]


@scalar("MASK_RIGHT", "(input STRING, numChars INT) -> STRING")
def mask_right(text: str, count: int) -> str:
    """Masks the last numChars characters."""
    kept = max(len(text) - count, 0)
    return text[:kept] + mask_text(text[kept:], *_MASKS)


@scalar("MASK_KEEP_LEFT", "(input STRING, numChars INT) -> STRING")
def mask_keep_left(text: str, count: int) -> str:
    """Masks all but the first numChars characters."""
    return text[:count] + mask_text(text[count:], *_MASKS)


@scalar("MASK_KEEP_RIGHT", "(input STRING, numChars INT) -> STRING")
def mask_keep_right(text: str, count: int) -> str:
    """Masks all but the last numChars characters."""
    kept = max(len(text) - count, 0)
    return mask_text(text[:kept], *_MASKS) + text[kept:]
