"""KSQL statements run over given records, in memory: what came out, as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workshop.checks import place
from workshop.checks.ksql_result import Result, Sink

__all__ = ["Result", "Sink", "run"]


def run(
    sql: str,
    inputs: Mapping[str, Sequence[Any]] | None = None,
    setup: str = "",
    flush: bool = False,
    functions: Sequence[str | Callable[..., Any]] = (),
) -> Result:
    """Run the trusted statements ``setup``, then ``sql``, then the records of ``inputs``; see `ksql_memory.execute`.

    With ``functions`` of the learner's among them, all of it runs beside the learner's code, as a server with these
    functions would. Raises what the statements raise: ``KsqlSyntaxError``, ``KsqlStatementError``, ``UdfError``.
    """
    records = {name: list(given) for name, given in (inputs or {}).items()}
    request = {"sql": sql, "inputs": records, "setup": setup, "flush": flush, "functions": list(functions)}
    here = place.current()
    alone = all(isinstance(one, str) for one in functions)
    raw = here.ksql(request) if alone else here.probe("ksql", [request])
    return Result({name: Sink(**sink) for name, sink in raw["sinks"].items()}, raw["queries"], raw["pushed"])
