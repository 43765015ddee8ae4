"""What statements did: one value a kind of effect."""

from __future__ import annotations

from dataclasses import dataclass

from pocket_ksql.queries import PersistentQuery
from pocket_ksql.records import Produced
from pocket_ksql.source import Source


@dataclass(frozen=True)
class Outcome:
    """What a statement did; ``statement_text`` is canonical where ksqlDB makes it so, ``message`` is ksqlDB's."""

    statement_text: str
    message: str = ""


@dataclass(frozen=True)
class SourceCreated(Outcome):
    source: Source | None = None


@dataclass(frozen=True)
class QueryStarted(Outcome):
    """A persistent query to run from now on; ``replaced`` is the id of the one to stop first (same id as the new)."""

    query: PersistentQuery | None = None
    source: Source | None = None
    replaced: str | None = None


@dataclass(frozen=True)
class QueriesTerminated(Outcome):
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueriesPaused(Outcome):
    """``PAUSE`` (``paused``) or ``RESUME``."""

    ids: tuple[str, ...] = ()
    paused: bool = True


@dataclass(frozen=True)
class SourceDropped(Outcome):
    """``terminated`` names the queries that wrote to it; ``delete_topic`` has already been carried out."""

    name: str = ""
    terminated: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordsInserted(Outcome):
    records: tuple[Produced, ...] = ()


@dataclass(frozen=True)
class TypeRegistered(Outcome):
    name: str = ""


@dataclass(frozen=True)
class TypeDropped(Outcome):
    name: str = ""


@dataclass(frozen=True)
class PropertyChanged(Outcome):
    """``SET`` or, with ``value`` ``None``, ``UNSET``; the session keeps properties, not the engine."""

    name: str = ""
    value: str | None = None


@dataclass(frozen=True)
class VariableChanged(Outcome):
    """``DEFINE`` or, with ``value`` ``None``, ``UNDEFINE``; already in the metastore's variables."""

    name: str = ""
    value: str | None = None


@dataclass(frozen=True)
class NothingDone(Outcome):
    """``IF NOT EXISTS`` on what exists (``warning``), ``IF EXISTS`` on what does not."""

    warning: bool = False
