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
        (r"\p{L}", "1é", "é"),
        (r"a(?i)b|c", "xAB aB", "aB"),
        (r"a(?i)b|c", "xC", "C"),
        (r"(?:a(?i)b)c", "aBC aBc", "aBc"),
        (r"(?i:a(?-i)b)C", "ABC AbC", "AbC"),
        (r"(?iu)É", "é", "é"),
        (r"(?U)\w+", "é1", "é1"),
        (r"(?x) a b # c", "ab", "ab"),
        (r"(?s)a.b", "a\rb", "a\rb"),
        (r"(?d).+", "a\rb\nc", "a\rb"),
        (".+", "a\r\nb", "a"),
        (".+", "a\u2028b", "a"),
        ("b$", "b\r\n", "b"),
        ("(?m)^b$", "a\r\nb\rc", "b"),
        (r"\s$", "b\r\n", "\n"),
        (r"(?d)\s\Z", "b\r\n", "\r"),
        (r"\P{L}", "é1", "1"),
        (r"\0101\07?2", "A2A12", "A2"),
        (r"a{2}b{0,}\{", "aab{", "aab{"),
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
        (r"(?<c>.)\k<c>", "abb", "bb"),
        (r"[a-z&&[^b]]+", "bacb", "ac"),
        (r"[a-z&&[^m-p]&&[^b]]+", "bmacb", "ac"),
        (r"[a-z&&def]+", "aedg", "ed"),
        (r"[a[0-9]]+", "ba1", "a1"),
        (r"[\w-.]+@[\w.-]+", "to a-b.c@d-e.f!", "a-b.c@d-e.f"),
        (r"[^a[0-9]]+", "a1xy", "xy"),
        (r"[^a-z&&[^b]]+", "ab1", "b1"),
        (r"[[a-c][x-z]]{2}", "mzay", "za"),
        (r"[a&&^]|\^", "a^", "^"),
        (r"[\P{Alpha}]+", "ab12", "12"),
        (r"[\p{L}_]+", "1\u00e9_", "\u00e9_"),
        (r"[^\p{L}]+", "\u00e912", "12"),
        (r"[\w&&[^\d_]]+", "1ab_", "ab"),
        (r"[\H]+", " ab ", "ab"),
        (r"\V+", "\nab\n", "ab"),
        (r"\p{Lu}+", "a\u00c9B", "\u00c9B"),
        (r"\p{IsUppercase}\p{javaLowerCase}", "aBc", "Bc"),
        (r"[\p{Sc}\p{N}]+", "x\u20ac5", "\u20ac5"),
        (r"\P{P}+", "!?ab", "ab"),
    ],
)
def test_what_java_finds_is_found(pattern: str, text: str, found: str) -> None:
    match = java_regex(pattern).search(text)
    assert match is not None
    assert match[0] == found


@pytest.mark.parametrize("pattern", ["(", "[a", "[a[b]", "[]", r"\p{IsLatin}", r"\p{Nope}", "a{", "{a}", "a{,2}"])
def test_what_python_cannot_say_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        java_regex(pattern)
