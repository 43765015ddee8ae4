"""Checks: what the graded cells of an assignment are written with.

``task``      ``Task``: the items of one task, and its points
``outcomes``  what came of them, as values
``values``    plain data: what may be compared, and how it is
``place``     where the learner's code runs: in this process, or elsewhere
``probes``    functions that run beside the learner's code
``crashes``   deliveries that are cut off in the middle
``ksql``      KSQL statements run over given records, in memory: ``ksql_memory`` runs them, ``ksql_result`` is what
              came (``weighted_score`` and ``retrained_score`` are functions that they may call)
``show``      outcomes as text and as HTML
"""

from __future__ import annotations

from workshop.checks import ksql
from workshop.checks.outcomes import Item, Status, TaskReport
from workshop.checks.place import connection
from workshop.checks.task import Task

__all__ = ["Item", "Status", "Task", "TaskReport", "connection", "ksql"]
