"""The entities of DESCRIBE and EXPLAIN: what sources and queries are made of, and how far queries have come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pocket_ksql.engine import PersistentQuery, TransientQuery
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language.type_parser import TypeParser
from pocket_ksql.runner.persistent import PersistentRunner, Statistics
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.schema import Column, Place
from pocket_ksql.source import Source
from pocket_ksql.types import Array, Decimal, Map, SqlType, Struct

Entity = dict[str, Any]

_DEPRECATED_STATISTICS = (
    "The statistics field is deprecated and will be removed in a future version of ksql. "
    "Please update your client to the latest version and use statisticsMap instead.\n"
)


_NOTHING_YET = -1
"""The offset that stands for none."""


def host(service: KsqlService) -> str:
    """This server's name in answers."""
    name = "localhost" if service.settings.host == "127.0.0.1" else service.settings.host
    return f"{name}:{service.settings.port}"


def find_source(service: KsqlService, name: str, statement_text: str) -> Source:
    """The source of that name. Raises ``KsqlStatementError``."""
    source = service.engine.metastore.sources.get(name)
    if source is None:
        raise KsqlStatementError(f"Could not find STREAM/TABLE '{name}' in the Metastore", statement_text)
    return source


def type_entity(of: SqlType) -> Entity:
    """A type as DESCRIBE and SHOW TYPES give it."""
    entity: Entity = {"type": of.base(), "fields": None, "memberSchema": None}
    match of:
        case Struct(fields=fields):
            entity["fields"] = [{"name": name, "schema": type_entity(inner)} for name, inner in fields]
        case Array(item=member) | Map(value=member):
            entity["memberSchema"] = type_entity(member)
        case Decimal(precision=precision, scale=scale):
            entity["parameters"] = {"precision": precision, "scale": scale}
    return entity


def field_entities(columns: Iterable[Column]) -> list[Entity]:
    """The columns of a source or of a query's result."""
    return [_field(column) for column in columns]


def _field(column: Column) -> Entity:
    entity: Entity = {"name": column.name, "schema": type_entity(column.type)}
    if column.place is Place.KEY:
        entity["type"] = "KEY"
    elif column.place is Place.HEADERS:
        entity["type"] = "HEADER"
        if column.header is not None:
            entity["headerKey"] = column.header
    return entity


def running_query(service: KsqlService, query: PersistentQuery) -> Entity:
    """A persistent query as lists give it."""
    state = _state(service, query.id)
    return {
        "queryString": query.statement_text,
        "sinks": [query.sink.name] if query.sink else [],
        "sinkKafkaTopics": [query.sink.topic] if query.sink else [],
        "id": query.id,
        "statusCount": {state: 1},
        "queryType": "PERSISTENT",
        "state": state,
    }


def running_push_query(query: TransientQuery) -> Entity:
    """A push query as lists give it."""
    return {
        "queryString": query.statement_text,
        "sinks": [],
        "sinkKafkaTopics": [],
        "id": query.id,
        "statusCount": {"RUNNING": 1},
        "queryType": "PUSH",
        "state": "RUNNING",
    }


def _state(service: KsqlService, query_id: str) -> str:
    return service.queries.state(query_id).value


def source_description(service: KsqlService, source: Source, *, extended: bool) -> Entity:
    """Everything about a stream or a table."""
    metastore = service.engine.metastore
    writers = metastore.writers(source.name)
    runners = [runner for query in writers if (runner := service.queries.runner(query.id)) is not None]
    return {
        "name": source.name,
        "windowType": source.window.kind.value if source.window else None,
        "readQueries": [running_query(service, query) for query in metastore.readers(source.name)],
        "writeQueries": [running_query(service, query) for query in writers],
        "fields": field_entities(source.schema),
        "type": source.kind.value,
        "timestamp": source.timestamp.column if source.timestamp else "",
        "statistics": _statistics_text(runners) if extended else "",
        "errorStats": "",
        "extended": extended,
        "keyFormat": source.key_format.name,
        "valueFormat": source.value_format.name,
        "topic": source.topic,
        "partitions": service.topics.partitions(source.topic) or 0,
        "replication": service.topics.replicas(source.topic) or 0,
        "statement": source.statement_text,
        "queryOffsetSummaries": [_offset_summary(service, runner) for runner in runners] if extended else [],
        "sourceConstraints": [
            query.sink.name
            for query in metastore.readers(source.name)
            if query.sink is not None and query.sink.created_as
        ],
        "clusterStatistics": _statistics_entities(service, runners),
        "clusterErrorStats": [],
    }


def _total(runners: list[PersistentRunner]) -> Statistics | None:
    written = [runner.statistics for runner in runners if runner.statistics.last_message is not None]
    if not written:
        return None
    return Statistics(
        started=min(one.started for one in written),
        messages=sum(one.messages for one in written),
        last_message=max(one.last_message or 0.0 for one in written),
    )


def _statistics_text(runners: list[PersistentRunner]) -> str:
    total = _total(runners)
    if total is None:
        return ""
    last = datetime.fromtimestamp(total.last_message or 0.0, UTC).isoformat(timespec="milliseconds")
    return (
        f"{_DEPRECATED_STATISTICS}messages-per-sec: {total.per_second:9.2f}   "
        f"total-messages: {total.messages:9d}     last-message: {last.removesuffix('+00:00')}Z"
    )


def _statistics_entities(service: KsqlService, runners: list[PersistentRunner]) -> list[Entity]:
    total = _total(runners)
    if total is None:
        return []
    at = int((total.last_message or 0.0) * 1000)
    values = {"messages-per-sec": total.per_second, "total-messages": float(total.messages)}
    return [{"name": name, "host": host(service), "value": value, "timestamp": at} for name, value in values.items()]


def _offset_summary(service: KsqlService, runner: PersistentRunner) -> Entity:
    """How far a query has come in each partition that it reads."""
    ranges = service.topics.ranges(runner.query.source_topics)
    committed = runner.committed
    return {
        "groupId": service.settings.group(runner.query.id),
        "topicSummaries": [
            {
                "kafkaTopic": topic,
                "offsets": [
                    {
                        "partition": partition,
                        "logStartOffset": span.start,
                        "logEndOffset": span.end,
                        "consumerOffset": committed.get((name, partition), 0),
                    }
                    for (name, partition), span in sorted(ranges.items())
                    if name == topic
                ],
            }
            for topic in runner.query.source_topics
        ],
    }


def query_description(service: KsqlService, query: PersistentQuery, *, running: bool = True) -> Entity:
    """Everything about a query, running or only explained."""
    runner = service.queries.runner(query.id) if running else None
    plan = _plan(str(query.schema), query.source_topics)
    return {
        "id": query.id,
        "statementText": query.statement_text,
        "windowType": query.window_kind,
        "fields": field_entities(query.schema),
        "sources": list(query.sources),
        "sinks": [query.sink.name] if query.sink else [],
        "topology": plan,
        "executionPlan": plan,
        "overriddenProperties": dict(query.properties),
        "ksqlHostQueryStatus": {host(service): runner.state.value} if runner else {},
        "queryType": "PERSISTENT" if query.sink else "PUSH",
        "queryErrors": _errors(runner) if runner else [],
        "tasksMetadata": _tasks(service, runner) if runner else [],
        "consumerGroupId": service.settings.group(query.id),
        "state": _state(service, query.id) if running else None,
    }


def push_query_description(service: KsqlService, query: TransientQuery) -> Entity:
    """Everything about a push query that is only explained."""
    plan = _plan(", ".join(f"{column.name} {column.type}" for column in query.columns), query.source_topics)
    return {
        "id": query.id,
        "statementText": query.statement_text,
        "windowType": None,
        "fields": [
            {"name": column.name, "schema": type_entity(TypeParser(column.type).type())} for column in query.columns
        ],
        "sources": list(query.sources),
        "sinks": [],
        "topology": plan,
        "executionPlan": plan,
        "overriddenProperties": {},
        "ksqlHostQueryStatus": {},
        "queryType": "PUSH",
        "queryErrors": [],
        "tasksMetadata": [],
        "consumerGroupId": service.settings.group(query.id),
        "state": None,
    }


def _plan(schema: str, topics: Iterable[str]) -> str:
    """A query's first and last step."""
    return f" > [ PROJECT ] | Schema: {schema}\n\t\t > [ SOURCE ] | Topics: {', '.join(topics)}\n"


def _errors(runner: PersistentRunner) -> list[Entity]:
    return [{"errorMessage": runner.error, "type": "SYSTEM"}] if runner.error else []


def _tasks(service: KsqlService, runner: PersistentRunner) -> list[Entity]:
    """A task for each partition number, as Kafka Streams divides a query's work.

    ``endOffset`` is that of the last record, as ksqlDB counts it; both offsets are -1 where there is none.
    """
    ranges = sorted(service.topics.ranges(runner.query.source_topics).items())
    return [
        {
            "taskId": f"0_{number}",
            "topicOffsets": [
                {
                    "topicPartitionEntity": {"topic": topic, "partition": partition},
                    "endOffset": span.end - 1,
                    "committedOffset": runner.committed.get((topic, partition), 0) or _NOTHING_YET,
                }
                for (topic, partition), span in ranges
                if partition == number
            ],
            "timeCurrentIdlingStarted": None,
        }
        for number in sorted({partition for (_, partition), _ in ranges})
    ]
