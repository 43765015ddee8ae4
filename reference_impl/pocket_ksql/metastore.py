"""What the engine knows: sources by name, queries by id, custom types, variables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pocket_ksql.queries import PersistentQuery
from pocket_ksql.source import Source
from pocket_ksql.types import SqlType


@dataclass
class Metastore:
    """All definitions; dictionaries keep the order of creation."""

    sources: dict[str, Source] = field(default_factory=dict)
    queries: dict[str, PersistentQuery] = field(default_factory=dict)
    types: dict[str, SqlType] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def readers(self, name: str) -> list[PersistentQuery]:
        """Running queries that read from the source ``name``."""
        return [query for query in self.queries.values() if name in query.sources]

    def writers(self, name: str) -> list[PersistentQuery]:
        """Running queries that write to the source ``name``."""
        return [query for query in self.queries.values() if query.sink is not None and query.sink.name == name]

    def copy(self) -> Metastore:
        """An independent copy, to try statements on before they are carried out."""
        return replace(
            self,
            sources=dict(self.sources),
            queries=dict(self.queries),
            types=dict(self.types),
            variables=dict(self.variables),
        )
