"""Records per second of CPU time, in the core alone, and the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pocket_ksql.bench.cases import CARD_HOLDERS, CASES, PAYMENTS, Case
from pocket_ksql.bench.payments import card_holders, payments
from pocket_ksql.bench.peers import Loop, hand_written, with_pandas
from pocket_ksql.engine import Engine
from pocket_ksql.outcomes import QueryStarted
from pocket_ksql.queries import Task
from pocket_ksql.records import Record
from pocket_ksql.services import MemorySchemas, MemoryTopics

_ROUNDS = 3
_BATCH = 500
"""Records that are handed over together, about as many as Kafka's client gives at once."""


@dataclass(frozen=True)
class Measured:
    """Records per second; ``hand_written`` and ``pandas`` are those of `peers` in the same run."""

    name: str
    records_per_second: int
    hand_written: int
    pandas: int | None = None
    recorded_ksqldb: int | None = None


def measure(case: Case, records: Sequence[Record]) -> Measured:
    """Run a case in the core alone: bytes in, bytes out."""
    speed = _best(lambda: _run(open_task(case), records), len(records))
    peer = _best(lambda: _in_batches(hand_written(case.name), records), len(records))
    pandas = None
    if case.output == "JSON":
        pandas = _best(lambda: _in_batches(with_pandas, records), len(records))
    return Measured(case.name, speed, peer, pandas, case.recorded)


def _in_batches(run: Loop, records: Sequence[Record]) -> None:
    for start in range(0, len(records), _BATCH):
        run(records[start : start + _BATCH])


def open_task(case: Case) -> Task:
    """The case's query, ready for payments; card holders are in its table."""
    engine = Engine(MemoryTopics(default_partitions=1), MemorySchemas(), clock=lambda: 0)
    for statement in engine.prepare(PAYMENTS + CARD_HOLDERS + case.statement):
        outcome = engine.execute(statement)
    assert isinstance(outcome, QueryStarted)
    assert outcome.query is not None
    task = outcome.query.open()
    if "card_holders" in outcome.query.source_topics:
        task.process("card_holders", card_holders())
    return task


def _run(task: Task, records: Sequence[Record]) -> None:
    for start in range(0, len(records), _BATCH):
        task.process("payments", records[start : start + _BATCH])
        task.drain_changes()


def _best(run: Callable[[], Any], count: int) -> int:
    """The fastest of some rounds: what else the machine does only makes them slower."""
    shortest = min(_seconds(run) for _ in range(_ROUNDS))
    return round(count / shortest)


def _seconds(run: Callable[[], Any]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def run_all(count: int) -> list[Measured]:
    """All cases over the same ``count`` payments."""
    records = payments(count)
    return [measure(case, records) for case in CASES]


def as_rows(results: Sequence[Measured]) -> list[list[str]]:
    """Cells of the report: speeds, and how many times the other's they are."""
    return [
        [
            one.name,
            f"{one.records_per_second:,}",
            beside(one.records_per_second, one.hand_written),
            beside(one.records_per_second, one.pandas),
            beside(one.records_per_second, one.recorded_ksqldb),
        ]
        for one in results
    ]


def as_content(results: Sequence[Measured]) -> list[dict[str, Any]]:
    """For ``--json``."""
    return [asdict(one) for one in results]


def beside(speed: int, other: int | None) -> str:
    """Another's speed, and how many times it ``speed`` is."""
    return "" if other is None else f"{other:,} ({speed / other:.1f} times)"
