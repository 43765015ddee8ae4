"""The queries that are measured."""

from __future__ import annotations

from dataclasses import dataclass

from pocket_ksql.bench.payments import V_COLUMNS

PAYMENTS = (
    "CREATE STREAM payments (CardHolder VARCHAR KEY, Id BIGINT, Timestamp VARCHAR, User VARCHAR, Time INT, "
    f"{', '.join(f'{name} DOUBLE' for name in V_COLUMNS)}, Amount DOUBLE, Class VARCHAR) "
    "WITH (KAFKA_TOPIC='payments', VALUE_FORMAT='DELIMITED', PARTITIONS=1);"
)
CARD_HOLDERS = (
    "CREATE TABLE card_holders (UserId VARCHAR PRIMARY KEY, Gender VARCHAR, RegionId VARCHAR) "
    "WITH (KAFKA_TOPIC='card_holders', VALUE_FORMAT='JSON', PARTITIONS=1);"
)


@dataclass(frozen=True)
class Case:
    """``recorded`` are the records per second that a ksqlDB 8.3.1 server made of the same query on two cores."""

    name: str
    statement: str
    output: str = ""
    recorded: int | None = None


def _projection(output: str) -> str:
    filled = ", ".join(f"IFNULL({name}, 0E0) AS {name}" for name in V_COLUMNS)
    return (
        f"CREATE STREAM projected WITH (VALUE_FORMAT='{output}') AS SELECT CardHolder, Id, "
        f"MASK_KEEP_RIGHT(User, 2) AS User, Time, {filled}, IFNULL(Amount, 0E0) AS Amount, "
        "CAST(Class AS INT) AS Class FROM payments WHERE Class IS NOT NULL EMIT CHANGES;"
    )


CASES = (
    Case("filter and project to JSON", _projection("JSON"), "JSON", 8_000),
    Case("filter and project to AVRO", _projection("AVRO"), "AVRO", 15_000),
    Case("filter and project to DELIMITED", _projection("DELIMITED"), "DELIMITED"),
    Case(
        "tumbling count and sum per user",
        "CREATE TABLE per_user WITH (VALUE_FORMAT='JSON') AS SELECT CardHolder, COUNT(*) AS n, SUM(Amount) AS total "
        "FROM payments WINDOW TUMBLING (SIZE 5 MINUTES) GROUP BY CardHolder EMIT CHANGES;",
    ),
    Case(
        "stream-table join",
        "CREATE STREAM joined WITH (VALUE_FORMAT='JSON') AS SELECT p.CardHolder, p.Id, p.Time, p.Amount, p.Class, "
        "h.Gender, h.RegionId FROM payments p LEFT JOIN card_holders h ON p.CardHolder = h.UserId EMIT CHANGES;",
    ),
)
