"""The entities of SHOW and LIST: what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language.statements import Show
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.runner.topics import TopicInfo
from pocket_ksql.server import functions
from pocket_ksql.server.describing import (
    Entity,
    query_description,
    running_push_query,
    running_query,
    source_description,
    type_entity,
)
from pocket_ksql.server.properties import HIDDEN_TOPICS, property_entities
from pocket_ksql.source import Source


def show(service: KsqlService, statement: Show, text: str, properties: Mapping[str, Any]) -> Entity:
    """What SHOW or LIST answers. Raises ``KsqlStatementError`` for what this server has none of."""
    match statement.what:
        case "STREAMS" | "TABLES":
            return _sources(service, statement.what, extended=statement.extended)
        case "QUERIES":
            return _queries(service, extended=statement.extended)
        case "TOPICS":
            return _topics(service, hidden=statement.all, extended=statement.extended)
        case "PROPERTIES":
            return {"@type": "properties", "properties": property_entities(service.settings, properties)}
        case "FUNCTIONS":
            return functions.names(service.engine.functions)
        case "TYPES":
            types = service.engine.metastore.types
            return {"@type": "type_list", "types": {name: type_entity(of) for name, of in types.items()}}
        case "VARIABLES":
            variables = service.engine.metastore.variables
            return {
                "@type": "variables",
                "variables": [{"name": name, "value": value} for name, value in variables.items()],
            }
    raise KsqlStatementError(f"SHOW {statement.what} is not supported by this server.", text)


def describe_sources(service: KsqlService, what: str, *, extended: bool) -> Entity:
    """DESCRIBE of all STREAMS or TABLES."""
    descriptions = [source_description(service, source, extended=extended) for source in _all(service, what)]
    return {"@type": "source_descriptions", "sourceDescriptions": descriptions}


def _sources(service: KsqlService, what: str, *, extended: bool) -> Entity:
    if extended:
        return describe_sources(service, what, extended=True)
    return {"@type": what.lower(), what.lower(): [_source(source) for source in _all(service, what)]}


def _all(service: KsqlService, what: str) -> list[Source]:
    wanted = what.removesuffix("S")
    return [source for source in service.engine.metastore.sources.values() if source.kind.value == wanted]


def _source(source: Source) -> Entity:
    return {
        "type": source.kind.value,
        "name": source.name,
        "topic": source.topic,
        "keyFormat": source.key_format.name,
        "valueFormat": source.value_format.name,
        "isWindowed": source.window is not None,
    }


def _queries(service: KsqlService, *, extended: bool) -> Entity:
    persistent = list(service.engine.metastore.queries.values())
    if extended:
        descriptions = [query_description(service, query) for query in persistent]
        return {"@type": "query_descriptions", "queryDescriptions": descriptions}
    running = [running_query(service, query) for query in persistent]
    push = [running_push_query(query) for query in service.transient_queries]
    return {"@type": "queries", "queries": [*running, *push]}


_KAFKAS_OWN = frozenset({"__consumer_offsets", "__transaction_state", "__share_group_state"})
"""What brokers keep in topics. Java's admin client, which ksqlDB asks, leaves them out, of SHOW ALL TOPICS too."""


def _topics(service: KsqlService, *, hidden: bool, extended: bool) -> Entity:
    named = [info for info in service.topics.all() if info.name not in _KAFKAS_OWN]
    topics = [info for info in named if hidden or not info.name.startswith(HIDDEN_TOPICS)]
    if not extended:
        return {"@type": "kafka_topics", "topics": [_topic(info) for info in topics]}
    consumers = service.topics.consumers()
    for query in service.engine.metastore.queries.values():
        for topic in query.source_topics:
            consumers.setdefault(topic, []).append(1)
    return {
        "@type": "kafka_topics_extended",
        "topics": [
            {
                **_topic(info),
                "consumerCount": sum(consumers.get(info.name, [])),
                "consumerGroupCount": len(consumers.get(info.name, [])),
            }
            for info in topics
        ],
    }


def _topic(info: TopicInfo) -> Entity:
    return {"name": info.name, "replicaInfo": list(info.replicas)}
