"""What statements see and change: definitions, functions, topics, schemas, the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.metastore import Metastore
from pocket_ksql.services import Schemas, Topics


@dataclass(eq=False)
class World:
    """``topics`` and ``schemas`` lie outside; ``clock`` gives the milliseconds since 1970.

    With ``checks_topics`` a statement is refused that wants a topic to be otherwise than it is.
    """

    topics: Topics
    schemas: Schemas
    functions: FunctionRegistry
    clock: Callable[[], int]
    checks_topics: bool = True
    metastore: Metastore = field(default_factory=Metastore)
