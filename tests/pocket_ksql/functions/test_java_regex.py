"""Java's regular expressions, as REGEXP_EXTRACT and its like take them."""

from __future__ import annotations

import pytest

from pocket_ksql.functions.java_regex import java_regex


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"(?<year>\d+)-(?<month>\d+)", "on 2021-05", "2021-05"),
        (r"(?<=-)\d", "a-1", "1"),
        (r"[a][b]", "xab", "ab"),
        (r"[^]]+", "ab]", "ab"),
        (r"[\]x]+", "a]x", "]x"),
        (r"\Qa.b\E+", "a.bbb", "a.bbb"),
        (r"\p{Alpha}+", "1ab2", "ab"),
        (r"\P{Alpha}+", "ab12", "12"),
        (r"[\p{Punct}x]+", "a!x[", "!x["),
        (r"\p{L}+", "1\u00e9", "\u00e9"),
        (r"\p{IsAlphabetic}", "1a", "a"),
        (r"\w+", "h\u00e9", "h"),
        (r"\d+", "\u0663 3", "3"),
        (r"a\h+b", "a \u00a0b", "a \u00a0b"),
        (r"^a\z", "a", "a"),
        (r"a\Z", "a\n", "a"),
        (r"a\Rb", "a\r\nb", "a\r\nb"),
        (r"\x{1F600}", "\U0001f600", "\U0001f600"),
        (r"a++b", "aab", "aab"),
        (r"[(?<]+", "a(?<", "(?<"),
    ],
)
def test_what_java_finds_is_found(pattern: str, text: str, found: str) -> None:
    match = java_regex(pattern).search(text)
    assert match is not None
    assert match[0] == found


@pytest.mark.parametrize("pattern", ["(", r"[a-z&&[^b]]", r"[a[b]]", r"\p{Lu}", r"[\P{Alpha}]", r"\p{Nope}"])
def test_what_python_cannot_say_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        java_regex(pattern)
