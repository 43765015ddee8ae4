"""The task of a query that also takes whole batches. It loads what that takes when the first is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pocket_ksql.codegen.query import Context
from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.columnar.limits import SMALLEST
from pocket_ksql.planner.plan import Plan
from pocket_ksql.queries import Task
from pocket_ksql.records import Produced, Record, Rejected
from pocket_ksql.source import Source

if TYPE_CHECKING:
    from pocket_ksql.columnar.batch import Batch


class ColumnarTask:
    """A task that gives what ``task`` gives, with less work where it can. What that takes is made when it is needed."""

    def __init__(self, task: Task, plan: Plan, sink: Source, context: Context) -> None:
        self._task = task
        self._make: Callable[[], Batch | None] = lambda: _batch(plan, sink, context)
        self._batch: Batch | None = None
        self._made = False
        self.flush = task.flush
        self.release = task.release
        self.drain_changes = task.drain_changes
        self.restore = task.restore

    @property
    def rejected(self) -> list[Rejected]:
        return self._task.rejected

    @property
    def keeps_state(self) -> bool:
        return self._task.keeps_state

    def process(self, topic: str, records: Sequence[Record]) -> list[Produced]:
        """As `Task.process`: a batch that is out of the ordinary is halved, until its parts are small or are not."""
        if len(records) < SMALLEST:
            return self._task.process(topic, records)
        if not self._made:
            self._batch, self._made = self._make(), True
        if self._batch is None:
            return self._task.process(topic, records)
        try:
            return self._batch.process(records)
        except UnusualError:
            half = len(records) // 2
            return [*self.process(topic, records[:half]), *self.process(topic, records[half:])]


def load() -> None:
    """Load what a task loads when its first batch is there: NumPy, for a fifth of a second."""
    import pocket_ksql.columnar.batch  # noqa: F401


def _batch(plan: Plan, sink: Source, context: Context) -> Batch | None:
    from pocket_ksql.columnar.batch import columnar_batch

    return columnar_batch(plan, sink, context)
