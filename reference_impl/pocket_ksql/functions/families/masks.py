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


# ksqlDB's names for the arguments are phrases.
_INPUT = "`input STRING to be masked` STRING"
_FOUR = ", ".join(
    f"`{which} STRING"
    for which in (
        "upper-case mask, or NULL to use default`",
        "lower-case mask, or NULL to use default`",
        "digit mask, or NULL to use default`",
        "mask for other characters, or NULL to use default`",
    )
)


def _of_part(count: str) -> tuple[str, str]:
    """The signatures of a function that takes a number of characters, in ksqlDB's words ``count``."""
    return f"({_INPUT}, `{count}` INT) -> STRING", f"({_INPUT}, `{count}` INT, {_FOUR}) -> STRING"


_PART = "Returns a masked version of the input string. The first n characters will be replaced"
_USUAL, _GIVEN = _of_part("number of characters to mask from the start")


@scalar("MASK", f"({_INPUT}) -> STRING", f"({_INPUT}, {_FOUR}) -> STRING", null_in_null_out=False)
def mask(text: str | None, *masks: str | None) -> str | None:
    """Masks every character: upper-case letters as X, lower-case as x, digits as n, others as -."""
    return None if text is None else _masked_part(text, 0, utf16.length(text), masks)


@scalar("MASK_LEFT", _GIVEN, null_in_null_out=False, description=f"{_PART} with the specified masking characters")
@scalar("MASK_LEFT", _USUAL, null_in_null_out=False, description=f"{_PART} according to the default masking rules.")
def mask_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Returns a version of the input string with the specified number of characters, starting from the beginning of
    the string, masked out. Default masking rules will replace all upper-case characters with 'X', all lower-case
    characters with 'x', all digits with 'n', and any other character with '-'.
    """
    return None if text is None or count is None else _masked_part(text, 0, _count(text, count), masks)


@scalar("MASK_RIGHT", *_of_part("number of characters to mask from the end"), null_in_null_out=False)
def mask_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks the given number of characters from the end."""
    if text is None or count is None:
        return None
    size = utf16.length(text)
    return _masked_part(text, size - _count(text, count), size, masks)


@scalar("MASK_KEEP_LEFT", *_of_part("number of characters to keep unmasked at the start"), null_in_null_out=False)
def mask_keep_left(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the given number of characters from the start."""
    return None if text is None or count is None else _masked_part(text, _count(text, count), utf16.length(text), masks)


@scalar("MASK_KEEP_RIGHT", *_of_part("number of characters to keep unmasked at the end"), null_in_null_out=False)
def mask_keep_right(text: str | None, count: int | None, *masks: str | None) -> str | None:
    """Masks all but the given number of characters from the end."""
    if text is None or count is None:
        return None
    return _masked_part(text, 0, utf16.length(text) - _count(text, count), masks)
