"""Streams with tables and tables with tables, on primary and on foreign keys."""

from __future__ import annotations

from typing import Any

import pytest

from pocket_ksql.records import Record
from tests.pocket_ksql.worlds import make_engine, record, shown, start, through

USERS = "CREATE TABLE users (id STRING PRIMARY KEY, region STRING) WITH (kafka_topic='users', value_format='JSON');"
PAYMENTS = "CREATE STREAM p (id INT, u STRING) WITH (kafka_topic='p', value_format='JSON');"


def test_a_stream_finds_the_table_s_row_of_the_time() -> None:
    sql = (
        USERS + PAYMENTS + "CREATE STREAM j AS SELECT p.u, p.id AS id, region FROM p LEFT JOIN users ON p.u = users.id;"
    )
    rows = [
        ("p", record(None, {"ID": 1, "U": "Hans"}, 1)),
        ("users", record("Hans", {"REGION": "North"}, 2)),
        ("p", record(None, {"ID": 2, "U": "Hans"}, 3)),
        ("users", record("Hans", None, 4)),
        ("p", record(None, {"ID": 3, "U": "Hans"}, 5)),
    ]
    assert shown(through(start(make_engine(), sql), rows)) == [
        ("Hans", {"ID": 1, "REGION": None}, 1),
        ("Hans", {"ID": 2, "REGION": "North"}, 3),
        ("Hans", {"ID": 3, "REGION": None}, 5),
    ]


@pytest.mark.parametrize(("kind", "alone"), [("LEFT", [(None, {"ID": 1, "REGION": None}, 2)]), ("INNER", [])])
def test_a_stream_s_row_without_a_key_finds_nothing(
    kind: str, alone: list[tuple[None, dict[str, object], int]]
) -> None:
    sql = (
        USERS + PAYMENTS + f"CREATE STREAM j AS SELECT p.u, p.id AS id, region FROM p {kind} JOIN users "
        "ON p.u = users.id;"
    )
    rows = [
        ("users", record("Hans", {"REGION": "North"}, 1)),
        ("p", record(None, {"ID": 1, "U": None}, 2)),
        ("p", record(None, {"ID": 2, "U": "Hans"}, 3)),
    ]
    assert shown(through(start(make_engine(), sql), rows)) == [*alone, ("Hans", {"ID": 2, "REGION": "North"}, 3)]


def test_tables_join_on_their_keys_and_forget_what_is_deleted() -> None:
    sql = (
        USERS
        + "CREATE TABLE n (id STRING PRIMARY KEY, name STRING) WITH (kafka_topic='n', value_format='JSON');"
        + "CREATE TABLE j AS SELECT users.id, region, name FROM users JOIN n ON users.id = n.id;"
    )
    rows = [
        ("users", record("h", {"REGION": "North"}, 1)),
        ("n", record("h", {"NAME": "Hans"}, 2)),
        ("users", record("h", None, 3)),
        ("users", record("h", None, 4)),
        ("n", record("h", None, 5)),
        ("users", record("h", None, 6)),
    ]
    assert shown(through(start(make_engine(), sql), rows)) == [
        ("h", {"REGION": "North", "NAME": "Hans"}, 2),
        ("h", None, 3),
        ("h", None, 4),
    ]


def test_a_change_reaches_every_row_that_refers_to_it() -> None:
    sql = (
        USERS
        + "CREATE TABLE cards (id STRING PRIMARY KEY, owner STRING) WITH (kafka_topic='cards', value_format='JSON');"
        + "CREATE TABLE j AS SELECT cards.id, owner, region FROM cards JOIN users ON cards.owner = users.id;"
    )
    rows = [
        ("cards", record("c1", {"OWNER": "h"}, 1)),
        ("cards", record("c2", {"OWNER": "h"}, 2)),
        ("users", record("h", {"REGION": "North"}, 3)),
    ]
    produced = shown(through(start(make_engine(), sql), rows))
    assert [(key, value["REGION"]) for key, value, _ in produced] == [("c1", "North"), ("c2", "North")]


def by_foreign_key(kind: str, *rows: tuple[str, Record]) -> list[tuple[str | None, Any, int]]:
    sql = (
        "CREATE TABLE l (id STRING PRIMARY KEY, f STRING) WITH (kafka_topic='l', value_format='JSON');"
        "CREATE TABLE r (id STRING PRIMARY KEY, v STRING) WITH (kafka_topic='r', value_format='JSON');"
        f"CREATE TABLE j AS SELECT l.id AS id, r.v AS v FROM l {kind} JOIN r ON l.f = r.id;"
    )
    return shown(through(start(make_engine(), sql), rows))


def test_what_a_change_of_the_right_leads_to_bears_its_time_in_the_order_of_keys() -> None:
    rows = [
        ("l", record("2", {"F": "b"}, 8)),
        ("l", record("1", {"F": "b"}, 9)),
        ("r", record("b", {"V": "w"}, 5)),
        ("r", record("b", None, 7)),
        ("r", record("b", None, 6)),
    ]
    assert by_foreign_key("INNER", *rows) == [
        ("1", {"V": "w"}, 5),
        ("2", {"V": "w"}, 5),
        ("1", None, 7),
        ("2", None, 7),
        ("1", None, 6),
        ("2", None, 6),
    ]


@pytest.mark.parametrize(("kind", "time"), [("INNER", 9), ("LEFT", 4)])
def test_a_deletion_on_the_left_bears_the_time_that_kafka_streams_gives_it(kind: str, time: int) -> None:
    rows = [("l", record("1", {"F": "b"}, 2)), ("r", record("b", {"V": "w"}, 9)), ("l", record("1", None, 4))]
    assert by_foreign_key(kind, *rows)[-2:] == [("1", {"V": "w"}, 9), ("1", None, time)]
