"""Errors with their place."""

from pocket_ksql.prompt.places import explain
from pocket_ksql.prompt.splitting import split

TEXT = "SHOW STREAMS;\n\nSELECT a,\n\tb FRM s;"


def test_a_caret_stands_under_the_place_and_the_line_is_that_of_the_script() -> None:
    piece = split(TEXT)[1]
    assert explain("line 2:4: Syntax Error", piece, "a.sql").split("\n") == [
        "a.sql, line 4: line 2:4: Syntax Error",
        "  4 | \tb FRM s;",
        "    | \t  ^",
    ]


def test_the_wording_of_the_analyser_is_read_too_and_the_repeated_statement_left_out() -> None:
    piece = split("SELECT nope FROM t;")[0]
    message = "Line: 1, Col: 8: SELECT column 'NOPE' cannot be resolved.\nStatement: SELECT nope FROM t;"
    assert explain(message, piece).split("\n") == [
        "Line: 1, Col: 8: SELECT column 'NOPE' cannot be resolved.",
        "  1 | SELECT nope FROM t;",
        "    |        ^",
    ]


def test_a_message_without_a_place_stays_as_it_is() -> None:
    piece = split(TEXT)[1]
    assert explain("No.", piece) == "No."
    assert explain("line 9:1: beyond", piece, "a.sql") == "a.sql, line 3: line 9:1: beyond"
