"""The layouts of a query's answer."""

import json
import math

import pytest

from pocket_ksql.engine import ResultColumn
from pocket_ksql.server.rows import Result, layout

RESULT = Result("query_1", [ResultColumn("ID", "BIGINT", is_key=True), ResultColumn("NAME", "STRING")])


def written(accept: str, rows: list[list[object]], *, limit_reached: bool = False) -> str:
    chosen = layout(accept)
    pieces = [chosen.header(RESULT), *map(chosen.row, rows), chosen.end(limit_reached=limit_reached)]
    return b"".join(pieces).decode()


def test_delimited_is_a_line_for_the_header_and_one_for_each_row() -> None:
    assert written("application/vnd.ksqlapi.delimited.v1", [[1, "a"], [2, None]]) == (
        '{"queryId":"query_1","columnNames":["ID","NAME"],"columnTypes":["BIGINT","STRING"]}\n[1,"a"]\n[2,null]\n'
    )


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "application/vnd.ksqlapi.delimited.v1; q=1"])
def test_delimited_is_what_those_get_who_ask_for_nothing_known(accept: str) -> None:
    assert layout(accept).media_type == "application/vnd.ksqlapi.delimited.v1"


def test_json_is_one_array() -> None:
    header, *rows = json.loads(written("application/json", [[1, "a"], [2, 2.0]]))
    assert header["queryId"] == "query_1"
    assert rows == [[1, "a"], [2, 2.0]]


@pytest.mark.parametrize(
    "accept", ["application/json", "application/vnd.ksql.v1+json", "application/vnd.ksqlapi.delimited.v1"]
)
def test_nan_and_infinity_are_text_as_java_writes_them(accept: str) -> None:
    assert '["NaN",[null,"-Infinity"]]' in written(accept, [[math.nan, [None, -math.inf]]])


def test_the_older_layout_wraps_each_part() -> None:
    text = written("application/vnd.ksql.v1+json", [[1, "a"]], limit_reached=True)
    assert json.loads(text) == [
        {"header": {"queryId": "query_1", "schema": "`ID` BIGINT KEY, `NAME` STRING"}},
        {"row": {"columns": [1, "a"]}},
        {"finalMessage": "Limit Reached"},
    ]


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.ksql.v1+json"])
def test_an_error_between_rows_leaves_the_array_whole(accept: str) -> None:
    chosen = layout(accept)
    pieces = [chosen.header(RESULT), chosen.row([1, "a"]), chosen.error("gone"), chosen.end(limit_reached=False)]
    assert "gone" in json.dumps(json.loads(b"".join(pieces)))
