"""Functions, through the language: a few of each family with the values of ksqlDB's documentation."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions import builtin
from pocket_ksql.functions.pattern_reader import compile_parser
from pocket_ksql.functions.pattern_writer import compile_formatter
from pocket_ksql.functions.patterns import find_zone
from pocket_ksql.inserts import constant
from pocket_ksql.language.parser import parse_expression
from pocket_ksql.temporal import moment
from tests.pocket_ksql.worlds import make_engine

ENGINE = make_engine()


def value(text: str) -> Any:
    return constant(ENGINE, parse_expression(text))[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MASK('My Test $123')", "Xx-Xxxx--nnn"),
        ("MASK_LEFT('My Test $123', 4)", "Xx-Xest $123"),
        ("MASK_RIGHT('My Test $123', 4, '*', '*', '*', '*')", "My Test ****"),
        ("MASK_KEEP_LEFT('My Test $123', 4)", "My Txxx--nnn"),
        ("MASK_KEEP_RIGHT('My Test $123', 4)", "Xx-Xxxx-$123"),
        ("SUBSTRING('stream', 1, 4)", "stre"),
        ("SUBSTRING('stream', -3)", "eam"),
        ("INSTR('CORPORATE FLOOR', 'OR', 3)", 5),
        ("INSTR('CORPORATE FLOOR', 'OR', -3)", 5),
        ("INITCAP('hello  wORLD')", "Hello  World"),
        ("LPAD('Foo', 7, 'Bar')", "BarBFoo"),
        ("CONCAT_WS('-', 'a', NULL, 'b')", "a-b"),
        ("SPLIT_TO_MAP('a:1;b:2', ';', ':')", {"a": "1", "b": "2"}),
        ("REGEXP_EXTRACT('(.*) (.*)', 'hello there', 2)", "there"),
        ("REGEXP_REPLACE('a1b2', '[0-9]', '<$0>')", "a<1>b<2>"),
        ("REGEXP_REPLACE('ab', '(a)(b)', '$2\\$$1')", "b$a"),
        ("LEN('a😀')", 3),
        ("SUBSTRING('😀ab', 3)", "ab"),
        ("SUBSTRING('😀ab', 2)", "?ab"),
        ("SUBSTRING('ab😀', -2)", "😀"),
        ("INSTR('😀ab', 'a')", 3),
        ("INSTR('a😀a', 'a', -1)", 4),
        ("LPAD('a', 3, '😀')", "😀a"),
        ("RPAD('a', 4, '😀')", "a😀?"),
        ("RPAD('😀', 1, 'b')", "?"),
        ("SPLIT('a😀', '')", ["a", "?", "?"]),
        ("SPLIT('a😀b', '😀')", ["a", "b"]),
        ("MASK('A😀²')", "X---"),
        ("MASK_KEEP_LEFT('😀ab', 2)", "😀xx"),
        ("MASK_KEEP_RIGHT('😀ab', 2, 'X', 'x', 'n', NULL)", "😀ab"),
        ("MASK_LEFT('ab😀', 3)", "xx-?"),
        ("MASK_RIGHT('a😀', 2)", "a--"),
        ("FORMAT_DATE(PARSE_DATE('2021-01-03', 'yyyy-MM-dd'), 'YYYY ww QQQ')", "2021 02 Q1"),
        ("PARSE_DATE('2021', 'yyyy')", 18628),
        ("STRINGTODATE('2021 032', 'yyyy DDD')", 18659),
        ("TRIM(' \t\u00a0a ')", "\u00a0a"),
        ("COALESCE(NULL, 2)", 2),
        ("IFNULL(CAST(NULL AS INT), 2)", 2),
        ("IFNULL(CAST('7' AS INT), 2)", 7),
        ("IFNULL(1, 2.5e0)", 1.0),
        ("IFNULL(NULLIF(1, 1), 3) + 1", 4),
        ("IFNULL(IFNULL(CAST(NULL AS INT), CAST(NULL AS INT)), 5)", 5),
        ("NULLIF(1, 1)", None),
        ("7 / -2", -3),
        ("7 % -2", 1),
        ("2147483647 + 1", -2147483648),
        ("CAST(1.5 AS DECIMAL(4, 2)) * 2", 3),
        ("ROUND(2.5e0)", 3),
        ("ROUND(0.49999999999999994e0)", 0),
        ("ROUND(6221723097620961e0)", 6221723097620961),
        ("ROUND(2.5e0, 400)", 2.5),
        ("TRUNC(1e30, 2)", 1e30),
        ("TRUNC(2.567e0, 2)", 2.56),
        ("ROUND(-2.5e0)", -2),
        ("ABS(-1)", 1),
        ("GREATEST(4, NULL, 18)", 18),
        ("ARRAY_DISTINCT(ARRAY[1, 2, 1])", [1, 2]),
        ("JSON_ARRAY_CONTAINS('[1, 2.5]', 2.5e0)", True),
        ("JSON_ARRAY_CONTAINS('[1, 2.5]', 1e0)", False),
        ("ARRAY['a', TRUE, 1.50, 2]", ["a", "true", "1.50", "2"]),
        ("ARRAY[1, '2', NULL]", [1, 2, None]),
        ("ARRAY[TRUE, 'no']", [True, False]),
        ("MAP('a' := 'x', 'b' := 2)", {"a": "x", "b": "2"}),
        ("1 IN (10, '1.5', '3e2')", False),
        ("300 IN (10, '1.5', '3e2')", True),
        ("'1' IN (1, TRUE)", True),
        ("TRUE IN ('fal', 'y')", True),
        ("ARRAY['1', 'true'] IN (ARRAY[1, TRUE])", True),
        ("STRUCT(a := 1) IN (STRUCT(a := '1'))", True),
        ("ARRAY_SORT(ARRAY[3, 1, 2], 'DESC')", [3, 2, 1]),
        ("TO_JSON_STRING(ARRAY_SORT(ARRAY[1e0, 0e0 / 0e0, -1e0]))", '[-1.0,1.0,"NaN"]'),
        ("TO_JSON_STRING(ARRAY_SORT(ARRAY[1e0, 0e0 / 0e0, 2e0], 'DESC'))", '["NaN",2.0,1.0]'),
        ("ARRAY_MIN(ARRAY[0e0 / 0e0, 1e0])", 1.0),
        ("TO_JSON_STRING(GREATEST(1e0, 0e0 / 0e0))", '"NaN"'),
        ("ARRAY_JOIN(ARRAY['a', NULL], '/')", "a/null"),
        ("SLICE(ARRAY[1, 2, 3], 2, 3)", [2, 3]),
        ("TRANSFORM(ARRAY[1, 2], x => x + 1)", [2, 3]),
        ("FILTER(MAP('a' := 1, 'b' := 2), (k, v) => v > 1)", {"b": 2}),
        ("REDUCE(ARRAY[1, 2, 3], 10, (s, x) => s + x)", 16),
        ("EXTRACTJSONFIELD('{\"a\": [1, {\"b\": 2.50}]}', '$.a[1].b')", "2.50"),
        ("URL_EXTRACT_PARAMETER('http://h/p?a%20b=c%20d', 'a b')", "c d"),
        ("TIMESTAMPTOSTRING(0, 'yyyy-MM-dd HH:mm:ss', 'Europe/Berlin')", "1970-01-01 01:00:00"),
        ("PARSE_DATE('2013-09-01', 'yyyy-MM-dd')", 15949),
        ("FORMAT_TIME(PARSE_TIME('13:45', 'HH:mm'), 'hh:mm a')", "01:45 PM"),
        ("TIMESTAMPADD(MONTHS, 1, FROM_UNIXTIME(2592000000))", 5011200000),
        ("FROM_BYTES(TO_BYTES('616263', 'hex'), 'utf8')", "abc"),
        ("MD5('abc')", "900150983cd24fb0d6963f7d28e17f72"),
        ("TO_JSON_STRING(ARRAY[1, NULL])", "[1,null]"),
        ("TO_JSON_STRING(ARRAY[1e0 / 0e0])", '["Infinity"]'),
        ("IS_JSON_STRING('NaN')", False),
        ("CHR(55296)", None),
        (r"CHR('\ud83d\ude00')", "😀"),
        (r"CHR('\ud83d')", "?"),
        ("-CAST('-2147483648' AS INT)", -2147483648),
        ("ABS(CAST('-2147483648' AS INT))", -2147483648),
        ("ABS(CAST('-9223372036854775808' AS BIGINT))", -9223372036854775808),
        ("CAST('-2147483648' AS INT) / -1", -2147483648),
        ("CAST('0' AS INT) + CAST('007' AS INT) + CAST(' 1 ' AS INT) + CAST('+2' AS INT)", 10),
        ("CAST('999999999' AS INT) + CAST('1000000000' AS INT)", 1999999999),
        ("CAST('12.9' AS BIGINT) + CAST('1e3' AS BIGINT)", 1012),
        ("ROUND(1e300)", 9223372036854775807),
        ("ROUND(9007199254740993)", 9007199254740993),
        ("ROUND(0e0 / 0e0)", 0),
        ("TRUNC(-1e300)", -9223372036854775808),
        ("CAST(1e0 / 0e0 AS INT)", 2147483647),
        ("NOT CAST(NULL AS BOOLEAN)", None),
        ("CAST(NULL AS BOOLEAN) OR TRUE", None),
        ("TRUE OR CAST(NULL AS BOOLEAN)", True),
        ("FALSE OR CAST(NULL AS BOOLEAN)", None),
        ("CAST(NULL AS BOOLEAN) AND FALSE", None),
        ("FALSE AND CAST(NULL AS BOOLEAN)", False),
        ("LOG(2e0, 0e0)", -math.inf),
        ("LOG(0.5e0, 0e0)", -math.inf),
        ("COT(-1e0 * 0e0)", -math.inf),
        ("SINH(-1000)", -math.inf),
        ("POWER(-10, 1001)", -math.inf),
        ("POWER(-10, 1000)", math.inf),
        ("POWER(0, -1)", math.inf),
        ("CAST(' -Infinity' AS DOUBLE)", -math.inf),
        ("CAST('0x1P-1d' AS DOUBLE)", 0.5),
        ("CAST(FROM_UNIXTIME(9223372036854775807) AS STRING)", "+292278994-08-17T07:12:55.807"),
        ("CAST(FROM_UNIXTIME(-99999999999999) AS STRING)", "-1199-02-15T14:13:20.001"),
        ("CAST(FROM_DAYS(99999999) AS STRING)", "+275760-09-12"),
        ("CAST(CAST('-271821-04-21' AS DATE) AS STRING)", "-271821-04-21"),
        ("CAST('+275760-09-12' AS DATE)", 99999999),
        ("CAST('+12345-01-02T03:04:05.006' AS TIMESTAMP)", 327403479845006),
        ("FORMAT_DATE(DATEADD(YEARS, 10000, FROM_DAYS(0)), 'yyyy-MM-dd')", "+11970-01-01"),
        ("PARSE_TIMESTAMP('0005-01-01 BC', 'yyyy-MM-dd G')", -62293449600000),
        ("'a😀' LIKE 'a__'", True),
        ("'a😀' LIKE 'a_'", False),
        ("'a😀b' LIKE '%😀b'", True),
        ("CBRT(27)", 3.0),
        ("CBRT(1.7976931348623157e308)", pytest.approx(5.643803094122362e102)),
        ("FROM_BYTES(TO_BYTES('61ff', 'hex'), 'utf8')", "a\ufffd"),
        ("URL_EXTRACT_PATH('mailto:a@b.c')", None),
        ("URL_EXTRACT_PATH('http://b.c')", ""),
        ("URL_EXTRACT_HOST('http://me@a-b.c:8080/x')", "a-b.c"),
        ("URL_EXTRACT_HOST('http://[::1]:80/x')", "[::1]"),
        ("URL_EXTRACT_HOST('http://a_b.com/x')", None),
        ("URL_EXTRACT_HOST('http://host:abc/')", None),
        ("URL_EXTRACT_PORT('http://host:abc/')", None),
        ("URL_EXTRACT_PORT('http://host.com:99999/')", 99999),
        ("URL_EXTRACT_QUERY('http://b.c?')", ""),
        ("URL_EXTRACT_QUERY('http://b.c#?d')", None),
        ("URL_EXTRACT_QUERY('mailto:a@b.c?d=1')", None),
        ("URL_EXTRACT_PARAMETER('mailto:a@b.c?d=1', 'd')", None),
        ("URL_EXTRACT_FRAGMENT('http://b.c#')", ""),
        ("URL_EXTRACT_FRAGMENT('http://b.c')", None),
        ("URL_EXTRACT_HOST('http://b.c:99999999999/')", None),
        ("URL_EXTRACT_HOST('http://256.1.1.1/')", None),
        ("URL_EXTRACT_PROTOCOL('a/b:c')", None),
        ("URL_EXTRACT_PATH('file:///x')", "/x"),
        ("URL_EXTRACT_QUERY('//b.c?[d]')", "[d]"),
        ("EXTRACTJSONFIELD('{\"a.b\": 1}', '$[\"a.b\"]')", "1"),
        ('EXTRACTJSONFIELD(\'{"a\\"[": 1}\', \'$["a\\"["]\')', "1"),
        ("EXTRACTJSONFIELD('{\"a.b\": 1}', '$[''a.b'']')", "1"),
        ("EXTRACTJSONFIELD('{\"0\": 1}', '$.0')", "1"),
        ("EXTRACTJSONFIELD('[1, [2]]', '$[1][0]')", "2"),
        ("EXTRACTJSONFIELD('[1]', '$[-1]')", None),
        ("JSON_CONCAT('1.50', '[1e3, 1E-7, -0.0, 12345678901234567890]')", "[1.50,1E+3,1E-7,0.0,12345678901234567890]"),
        ("TO_JSON_STRING(CONCAT(CHR(31), '\\u001f', CHR(10)))", r'"\u001F\\u001f\n"'),
        ("JSON_KEYS(' ')", None),
        ("IS_JSON_STRING('{')", False),
        ("JSON_ARRAY_CONTAINS('[', 1)", False),
        ("TO_JSON_STRING(CEIL(-0.5e0))", "-0.0"),
        ("ENCODE('YWI', 'base64', 'utf8')", "ab"),
        ("ARRAY_JOIN(ARRAY[FROM_DAYS(1)])", "1970-01-02"),
        ("ARRAY_JOIN(ARRAY[1.50, NULL], '/')", "1.50/null"),
        ("REGEXP_REPLACE('ab', '(a)(b)', '$12$01')", "a2a"),
        ("REGEXP_REPLACE('abcdefghijkl', '(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)', '$12$13')", "la3"),
        ("REGEXP_EXTRACT_ALL('b??|a', 'ab')", ["", "", ""]),
        ("REGEXP_REPLACE('ab', 'b??', '-')", "-a-b-"),
        ("REGEXP_REPLACE('baac', 'a*', '-')", "-b--c-"),
        ("REGEXP_SPLIT_TO_ARRAY('axbxxc', 'x*')", ["a", "", "b", "", "c"]),
        ("REGEXP_SPLIT_TO_ARRAY('aab', 'a*')", ["", "", "b"]),
        ("REGEXP_SPLIT_TO_ARRAY('1a1b1', '1')", ["", "a", "b", ""]),
        ("REGEXP_SPLIT_TO_ARRAY('', '')", [""]),
    ],
)
def test_functions_give_what_ksqldb_gives(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("JSON_ITEMS('[\"\\ud800\"]')", "JSON format"),
        ("JSON_KEYS('{')", "JSON format"),
        ("JSON_CONCAT('[]', 'a')", "JSON format"),
        ("EXTRACTJSONFIELD('a', '$')", "JSON format"),
        ("EXTRACTJSONFIELD('{}', 'a')", "JSON path"),
        ("EXTRACTJSONFIELD('{}', '$.')", "JSON path"),
        ("EXTRACTJSONFIELD('{}', '$..a')", "JSON path"),
        ("EXTRACTJSONFIELD('[]', '$[*]')", "JSON path"),
        ("REGEXP_REPLACE('a', 'a', '$1')", "group"),
        ("REGEXP_REPLACE('a', 'a', '$')", "group"),
        ("REGEXP_REPLACE('a', 'a', 'b\\')", "group"),
        ("TO_BYTES('YQ=', 'base64')", "padding"),
        *(
            (f"URL_EXTRACT_PATH('{url}')", "invalid syntax")
            for url in (
                "http://",
                "http:",
                "1a:b",
                "h_t://b.c",
                "http://b.c/[x]",
                "http://b.c/#d#e",
                "http://b.c/%zz",
                "http://[::zz]/",
                "http://[::1]:x/",
                "http://b c/",
                "http://b.c/{d}",
                "http://b.c/\u00a0",
            )
        ),
    ],
)
def test_a_value_that_a_function_cannot_use_fails_with_its_reason(call: str, why: str) -> None:
    with pytest.raises(KsqlStatementError, match=why):
        value(call)


@pytest.mark.parametrize(
    "far",
    [
        "CAST(FROM_UNIXTIME(-9223372036854775808) AS DATE)",
        "CAST('+9999999-01-01' AS DATE)",
        "DATEADD(YEARS, 1000000, FROM_DAYS(2147483647))",
        "TIMESTAMPADD(DAYS, 1, FROM_UNIXTIME(9223372036854775807))",
        "CAST('+999999999-01-01T00:00:00' AS TIMESTAMP)",
    ],
)
def test_a_time_too_far_away_is_refused(far: str) -> None:
    with pytest.raises(KsqlStatementError, match="overflow"):
        value(far)


def test_division_by_zero_fails_for_whole_numbers_and_is_infinite_for_doubles() -> None:
    assert value("1e0 / 0e0") == math.inf
    with pytest.raises(KsqlStatementError, match="Failed to evaluate"):
        value("1 / 0")


@pytest.mark.parametrize("base", [-2, 0, 1])
def test_a_base_of_which_there_is_no_logarithm_gives_nan(base: int) -> None:
    assert math.isnan(value(f"LOG({base}, 5)"))


@pytest.mark.parametrize("call", ["CAST(TO_BYTES('61', 'hex') AS STRING)", "CAST('YQ==' AS BYTES)"])
def test_bytes_become_text_by_functions_only(call: str) -> None:
    with pytest.raises(KsqlStatementError, match="is not supported"):
        value(call)


@pytest.mark.parametrize(
    "call",
    [
        "FORMAT_DATE(FROM_DAYS(1), 'yyyy HH')",
        "FORMAT_TIME(PARSE_TIME('10:00', 'HH:mm'), 'yyyy')",
        "PARSE_DATE('2021 10', 'yyyy HH')",
        "PARSE_TIME('2021 10', 'yyyy HH')",
        "STRINGTODATE('2021-02', 'yyyy-MM')",
    ],
)
def test_dates_have_no_hours_and_times_of_day_no_years(call: str) -> None:
    with pytest.raises(KsqlStatementError, match="pattern"):
        value(call)


@pytest.mark.parametrize("call", ["GENERATE_SERIES(0, 2147483647)", "RPAD('a', 2147483647, 'b')"])
def test_a_value_that_would_take_all_memory_is_an_error_instead(call: str) -> None:
    with pytest.raises(KsqlStatementError, match="10000000"):
        value(call)


@pytest.mark.parametrize("text", ["CAST('1E999999999' AS BIGINT)", "1 IN ('1E999999999')", "ARRAY[1, '1E999999999']"])
def test_a_whole_number_with_a_huge_exponent_is_refused_before_it_takes_all_memory(text: str) -> None:
    with pytest.raises(KsqlStatementError, match="1E999999999"):
        value(text)


@pytest.mark.parametrize("text", ["2147483648", "1_000", "", "1 2", "²"])
def test_a_text_that_is_no_int_is_no_number(text: str) -> None:
    with pytest.raises(KsqlStatementError, match="Failed to evaluate"):
        value(f"CAST('{text}' AS INT)")


def test_json_that_is_nested_too_deeply_fails_as_any_value_does() -> None:
    with pytest.raises(KsqlStatementError, match="Failed to evaluate"):
        value("JSON_ITEMS(RPAD('', 100000, '['))")


@pytest.mark.parametrize("array", ["ARRAY[ARRAY[1]]", "ARRAY[TO_BYTES('61', 'hex')]"])
def test_arrays_of_arrays_or_bytes_are_not_joined(array: str) -> None:
    with pytest.raises(KsqlStatementError, match="primitive"):
        value(f"ARRAY_JOIN({array})")


_BEHIND = "\uff5e"
"""Behind the surrogates, and so behind any emoji in Java, but before it by its number."""
_EMOJI = "\U0001f600"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("GREATEST('a', '{emoji}', '{behind}')", _BEHIND),
        ("LEAST('{emoji}', '{behind}')", _EMOJI),
        ("ARRAY_MAX(ARRAY['{emoji}', '{behind}'])", _BEHIND),
        ("ARRAY_MIN(ARRAY['{emoji}', '{behind}'])", _EMOJI),
        ("ARRAY_SORT(ARRAY['{behind}', '{emoji}', 'a'])", ["a", _EMOJI, _BEHIND]),
        ("ENTRIES(MAP('{behind}' := 1, '{emoji}' := 2), true)", [{"K": _EMOJI, "V": 2}, {"K": _BEHIND, "V": 1}]),
        ("'{emoji}' < '{behind}'", True),
        ("CONCAT('{emoji}', '') > CONCAT('{behind}', '')", False),
        ("CONCAT('{emoji}', '') BETWEEN 'a' AND CONCAT('{behind}', '')", True),
        ("CONCAT('{behind}', '') BETWEEN 'a' AND '{emoji}'", False),
        ("'{behind}' > 'a'", True),
    ],
)
def test_texts_are_in_the_order_of_their_utf_16_units(expression: str, expected: object) -> None:
    assert value(expression.format(emoji=_EMOJI, behind=_BEHIND)) == expected


@pytest.mark.parametrize(
    ("call", "of"),
    [("COALESCE(NULL)", "STRING"), ("ARRAY_DISTINCT(NULL)", "ARRAY<STRING>"), ("MAP_KEYS(NULL)", "ARRAY<STRING>"),
     ("ENTRIES(NULL, TRUE)", "ARRAY<STRUCT<`K` STRING, `V` STRING>>")],
)  # fmt: skip
def test_what_is_made_of_null_alone_is_text(call: str, of: str) -> None:
    assert str(constant(ENGINE, parse_expression(call))[1]) == of


def test_a_call_that_fits_no_variant_names_them_all() -> None:
    with pytest.raises(KsqlStatementError) as error:
        value("UCASE(1)")
    assert error.value.message.startswith(
        "Function 'ucase' does not accept parameters (INTEGER).\nValid alternatives are:\nucase(VARCHAR input)"
    )


@pytest.mark.parametrize(
    ("call", "alternative"),
    [
        ("ABS('a')", "abs(DECIMAL val)"),
        ("ARRAY_JOIN(1)", "array_join(ARRAY<T> arr, VARCHAR delimiter)"),
        ("AS_MAP(1)", "as_map(ARRAY<VARCHAR> keys, ARRAY<V> values)"),
        ("GREATEST('a', 1)", "greatest(INT val1, INT... vals)"),
        ("ENTRIES(1)", "entries(MAP<VARCHAR, V> map, BOOLEAN sorted)"),
        ("MAP_UNION(1)", "map_union(MAP<K, V> map1, MAP<K, V> map2)"),
    ],
)
def test_a_refusal_spells_types_as_describe_function_does(call: str, alternative: str) -> None:
    with pytest.raises(KsqlStatementError) as error:
        value(call)
    assert alternative in error.value.message.split("\n")


def test_every_function_says_what_it_does() -> None:
    functions = list(builtin())
    assert len(functions) >= 149
    assert [function.name for function in functions if not function.description] == []


def test_families_declare_functions_of_different_names_or_signatures() -> None:
    for function in builtin():
        shapes = [tuple(str(p.type) for p in variant.signature.parameters) for variant in function.variants]
        assert len(shapes) == len(set(shapes)), function.name


@pytest.mark.parametrize(
    ("pattern", "text", "milliseconds"),
    [
        ("yyyy-MM-dd'T'HH:mm:ssX", "2013-09-01T00:00:00Z", 1_377_993_600_000),
        ("yyyy-MM-dd HH:mm:ss.SSS", "1970-01-01 00:00:01.234", 1_234),
        ("dd/MMM/yyyy", "02/Jan/1970", 86_400_000),
        ("yyyyMMddHHmmss", "19700101000100", 60_000),
        ("yyyy-MM-dd[ HH:mm]", "1970-01-02", 86_400_000),
        ("yyyy-MM-dd[ HH:mm", "1970-01-02", 86_400_000),
    ],
)
def test_java_s_patterns_are_read_and_written(pattern: str, text: str, milliseconds: int) -> None:
    assert compile_parser(pattern)(text) == milliseconds
    if "[" not in pattern:
        assert compile_formatter(pattern)(moment(milliseconds)) == text


def test_an_optional_section_is_not_closed_before_it_is_opened() -> None:
    with pytest.raises(ValueError, match="without previous"):
        compile_parser("yyyy]-MM")


def test_an_unknown_zone_or_a_text_that_does_not_match_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown time-zone"):
        find_zone("Nowhere/City")
    with pytest.raises(ValueError, match="could not be parsed"):
        compile_parser("yyyy-MM-dd")("01.09.2013")
