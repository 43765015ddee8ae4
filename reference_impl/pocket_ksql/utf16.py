"""Texts as Java counts them: in units of UTF-16, of which a character beyond U+FFFF (an emoji) takes two.

A function that counts works on `units` and gives `text_of` what it made of them. Nearly all texts have no such
character; for them both return what they were given.
"""

from __future__ import annotations

import re

_WIDE = re.compile("[\U00010000-\U0010ffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")


def units(text: str) -> str:
    """The text with two halves, a surrogate pair, for each character that takes two units.

    >>> len("a\U0001f600"), len(units("a\U0001f600"))
    (2, 3)
    """
    return text if text.isascii() else _WIDE.sub(_pair, text)


def text_of(halved: str) -> str:
    """The text of units; a half without its other is ``?``, which is what Java writes for one.

    >>> text_of(units("a\U0001f600")[:2])
    'a?'
    """
    if halved.isascii() or not _HALF.search(halved):
        return halved
    return _HALF.sub("?", _PAIR.sub(_whole, halved))


def length(text: str) -> int:
    """How many units a text has."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def orders_alike(text: str) -> bool:
    """Whether ``text`` stands to any other text as Python compares them.

    It does unless it has a character behind the surrogates: only among those do code points and units differ.
    """
    return text.isascii() or max(text) < "\ue000"


def _pair(wide: re.Match[str]) -> str:
    code = ord(wide[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _whole(pair: re.Match[str]) -> str:
    high, low = map(ord, pair[0])
    return chr(0x10000 + (high - 0xD800 << 10) + low - 0xDC00)
