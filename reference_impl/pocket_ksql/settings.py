"""What a server is told at its start, and the names that follow from it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from pocket_ksql.guarantee import Guarantee
from pocket_ksql.kafka import Kafka


@dataclass(frozen=True)
class Settings:
    """One server: where Kafka is, where to listen, which cluster of servers it belongs to.

    ``registry_url`` names a Schema Registry to use; without it the server offers its own on
    ``registry_port``. All servers of one ``service_id`` share streams, tables and queries.
    ``connect_url`` names the Kafka Connect worker that statements about connectors go to.
    For up to ``commit_interval`` seconds, and ``cache_bytes`` in size, a query gathers the changes of a table, the
    last one of each key, as ksqlDB does by default; with no bytes each goes out at once. ``udfs`` are Python files
    and modules with functions for queries; ``processing_guarantee`` holds for queries that ask for none themselves.
    """

    kafka: Kafka = field(default_factory=Kafka)
    host: str = "127.0.0.1"
    port: int = 8088
    registry_port: int = 8081
    registry_url: str | None = None
    service_id: str = "default_"
    schemas_topic: str = "_schemas"
    commit_interval: float = 2.0
    cache_bytes: int = 10_000_000
    udfs: tuple[str, ...] = ()
    processing_guarantee: Guarantee = Guarantee.AT_LEAST_ONCE
    connect_url: str = "http://localhost:8083"

    @property
    def command_topic(self) -> str:
        return f"_confluent-ksql-{self.service_id}_command_topic"

    @property
    def shares_topic(self) -> str:
        """The empty topic, and the group, by which servers share queries among them."""
        return f"_confluent-ksql-{self.service_id}query_shares"

    @property
    def url(self) -> str:
        """Where other servers of the same service id reach this one."""
        host = socket.gethostname() if self.host in ("0.0.0.0", "::") else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def processing_log_topic(self) -> str:
        return f"{self.service_id}ksql_processing_log"

    def group(self, query_id: str) -> str:
        """The consumer group under which a persistent query commits how far it has come."""
        return f"_confluent-ksql-{self.service_id}query_{query_id}"

    def changelog(self, query_id: str, store: str) -> str:
        """The compacted topic that keeps the state store ``store`` of a query."""
        return f"{self.group(query_id)}-{store}-changelog"

    @property
    def schema_registry(self) -> str:
        """URL of the registry in use."""
        return self.registry_url or f"http://{self.host}:{self.registry_port}"
