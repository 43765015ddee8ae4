"""What a query that has ended leaves is given back."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable, Iterator, Sequence

import pytest

from pocket_ksql.functions import builtin
from pocket_ksql.kafka import Kafka
from pocket_ksql.queries import Task
from pocket_ksql.runner import memory
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.services import MemorySchemas
from pocket_ksql.settings import Settings


class _Ring:
    """Refers to itself, as a query's generated functions and the names that they use do."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_kept_is_not_looked_through_and_given_back_once_its_query_has_ended() -> None:
    ring = _Ring()
    left = weakref.ref(ring)
    memory.keep()
    del ring
    gc.collect()
    assert left() is not None
    memory.give_back()
    assert left() is None


def test_a_query_that_is_dropped_leaves_no_state(cluster: Kafka, unique: Callable[[str], str]) -> None:
    name = unique("memory")
    service = KsqlService(Settings(kafka=cluster, service_id=f"{name}_"), MemorySchemas(), builtin())
    service.start()
    try:
        for sql in (
            f"CREATE STREAM s (id STRING KEY, n INT) WITH (KAFKA_TOPIC='{name}', VALUE_FORMAT='JSON', PARTITIONS=1);",
            f"CREATE TABLE t WITH (KAFKA_TOPIC='{name}_t') AS SELECT id, COUNT(*) AS c FROM s GROUP BY id;",
        ):
            _execute(service, sql)
        left = _task(service)
        _execute(service, "DROP TABLE t DELETE TOPIC;")
        assert left() is None
        _execute(service, "DROP STREAM s DELETE TOPIC;")
    finally:
        service.stop()


def _execute(service: KsqlService, sql: str) -> None:
    for statement in service.prepare(sql):
        service.execute(statement, {})


def _task(service: KsqlService) -> weakref.ref[Task]:
    """The task of the one query, once it runs; nothing here keeps it alive."""

    def refer(tasks: Sequence[Task]) -> list[weakref.ref[Task]]:
        return [weakref.ref(task) for task in tasks]

    (query_id,) = service.engine.metastore.queries
    runner = service.queries.runner(query_id)
    assert runner is not None
    while not (found := runner.look(refer)):
        assert runner.error is None
        time.sleep(0.01)
    return found[0]
