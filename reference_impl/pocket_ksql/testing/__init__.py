"""Testing KSQL without a cluster: cases in the JSON format of ksqlDB's query-validation tests.

``cases``    reading a file of cases; ``format`` and ``config`` lists become one case a value
``runner``   running a case through the engine
``values``   between JSON in a case and bytes on a topic
``compare``  expected against actual, with a difference to print
``post``     what must be true after a case: sources, their schemas and formats
"""

from __future__ import annotations

from pocket_ksql.testing.cases import Case, load
from pocket_ksql.testing.runner import Result, Status, run

__all__ = ["Case", "Result", "Status", "load", "run"]
