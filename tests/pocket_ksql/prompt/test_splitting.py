"""Where statements end."""

import pytest

from pocket_ksql.prompt.splitting import split
from pocket_ksql.prompt.terminal import is_complete


def test_semicolons_in_strings_names_and_comments_end_nothing() -> None:
    text = "-- first;\nSELECT ';' FROM `a;b` /* ; */ ;\n  SHOW STREAMS;"
    assert [(piece.text, piece.line, piece.column) for piece in split(text)] == [
        ("SELECT ';' FROM `a;b` /* ; */ ;", 2, 1),
        ("SHOW STREAMS;", 3, 3),
    ]


@pytest.mark.parametrize("text", ["SELECT 'open;", "SELECT `open;", "SELECT 1 /* open;", "SELECT 1 -- open;"])
def test_what_is_still_open_is_not_ended(text: str) -> None:
    assert [piece.ended for piece in split(text)] == [False]
    assert not is_complete(text)


@pytest.mark.parametrize("text", ["", "  -- nothing\n", "help", " EXIT ", "SHOW STREAMS;", "DEFINE a = 'b'; -- done"])
def test_enter_carries_out_what_is_complete(text: str) -> None:
    assert is_complete(text)


def test_the_first_words_are_read_past_comments() -> None:
    (piece,) = split("SELECT /* what */ a, b FROM c;")
    assert piece.words == ["SELECT", "A,", "B"]
    assert split("run script 'a.sql'")[0].words == ["RUN", "SCRIPT"]
