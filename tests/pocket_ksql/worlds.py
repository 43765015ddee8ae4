"""A small world for tests of the core: an engine on topics and schemas in memory, and records through a query."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import strategies as st

from pocket_ksql.engine import Engine
from pocket_ksql.outcomes import Outcome, QueryStarted
from pocket_ksql.queries import PersistentQuery
from pocket_ksql.records import Produced, Record
from pocket_ksql.services import MemorySchemas, MemoryTopics

WIDE_DECIMALS = st.integers(-(10**38) + 1, 10**38 - 1).map(lambda digits: Decimal(f"{digits}E-10"))
"""Values of DECIMAL(38, 10)."""


def make_engine() -> Engine:
    """An engine for which every topic exists with three partitions."""
    return Engine(MemoryTopics(default_partitions=3), MemorySchemas(), clock=lambda: 1_000)


def run(engine: Engine, sql: str, **properties: Any) -> Outcome:
    """Carry out every statement of ``sql``; the last outcome."""
    outcomes = [engine.execute(statement, properties) for statement in engine.prepare(sql)]
    return outcomes[-1]


def start(engine: Engine, sql: str, **properties: Any) -> PersistentQuery:
    """Carry out ``sql``, whose last statement starts a query; that query."""
    outcome = run(engine, sql, **properties)
    assert isinstance(outcome, QueryStarted)
    assert outcome.query is not None
    return outcome.query


def through(query: PersistentQuery, records: Sequence[tuple[str, Record]]) -> list[Produced]:
    """What the query makes of ``records`` (topic and record), one at a time."""
    task = query.open()
    return [produced for topic, record in records for produced in task.process(topic, [record])]


def record(key: str | None, value: Any, timestamp: int = 0) -> Record:
    """A record with a STRING key in KAFKA format and a JSON value (or bytes, or a deletion)."""
    data = value if value is None or isinstance(value, bytes) else orjson.dumps(value)
    return Record(None if key is None else key.encode(), data, timestamp)


def shown(produced: Sequence[Produced]) -> list[tuple[str | None, Any, int]]:
    """Key as text, value from JSON, time."""
    return [
        (
            None if one.key is None else one.key.decode(),
            None if one.value is None else orjson.loads(one.value),
            one.timestamp,
        )
        for one in produced
    ]
