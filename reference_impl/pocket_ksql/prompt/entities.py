"""The server's answers as tables and lines; one it does not know is shown as the JSON that it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import RenderableType

from pocket_ksql.prompt.client import Entity
from pocket_ksql.prompt.rows import listing

Shown = Iterator[RenderableType]


def shown(entity: Entity) -> Shown:
    """What to print for one answer."""
    yield from _KINDS.get(entity.get("@type", ""), _json)(entity)
    for warning in entity.get("warnings") or ():
        yield f"Warning: {warning['message']}"


def type_text(schema: Entity) -> str:
    """A column's type as it is written in SQL.

    >>> type_text({"type": "ARRAY", "memberSchema": {"type": "DOUBLE"}})
    'ARRAY<DOUBLE>'
    """
    inner = schema.get("memberSchema")
    match schema["type"]:
        case "STRUCT":
            fields = (f"{one['name']} {type_text(one['schema'])}" for one in schema.get("fields") or ())
            return f"STRUCT<{', '.join(fields)}>"
        case "ARRAY" if inner:
            return f"ARRAY<{type_text(inner)}>"
        case "MAP" if inner:
            return f"MAP<STRING, {type_text(inner)}>"
        case "DECIMAL" if parameters := schema.get("parameters"):
            return f"DECIMAL({parameters['precision']}, {parameters['scale']})"
    return str(schema["type"])


def _json(entity: Entity) -> Shown:
    yield json.dumps({key: value for key, value in entity.items() if key != "warnings"}, indent=2)


def _status(entity: Entity) -> Shown:
    yield entity["commandStatus"]["message"]


def _warning(entity: Entity) -> Shown:
    yield f"Warning: {entity['message']}"


def _sources(entity: Entity) -> Shown:
    yield listing(
        ["Name", "Topic", "Key format", "Value format", "Windowed"],
        [
            [one["name"], one["topic"], one["keyFormat"], one["valueFormat"], one["isWindowed"]]
            for one in entity[entity["@type"]]
        ],
    )


def _queries(entity: Entity) -> Shown:
    yield _query_table(entity["queries"])
    yield "For all about one: EXPLAIN <Id>;"


def _query_table(queries: Iterable[Entity]) -> RenderableType:
    return listing(
        ["Id", "Type", "State", "Writes to", "Statement"],
        [
            [
                one["id"],
                one["queryType"],
                one.get("state") or "",
                ", ".join(one["sinks"]),
                " ".join(one["queryString"].split()),
            ]
            for one in queries
        ],
    )


def _topics(entity: Entity) -> Shown:
    rows = [[one["name"], len(one["replicaInfo"]), max(one["replicaInfo"], default=0)] for one in entity["topics"]]
    yield listing(["Topic", "Partitions", "Replicas"], rows)


def _topics_extended(entity: Entity) -> Shown:
    yield listing(
        ["Topic", "Partitions", "Replicas", "Consumers", "Groups"],
        [
            [
                one["name"],
                len(one["replicaInfo"]),
                max(one["replicaInfo"], default=0),
                one["consumerCount"],
                one["consumerGroupCount"],
            ]
            for one in entity["topics"]
        ],
    )


def _properties(entity: Entity) -> Shown:
    rows = [
        [one["name"], one["value"], one.get("editable", "")]
        for one in sorted(entity["properties"], key=lambda one: one["name"])
    ]
    yield listing(["Property", "Value", "SET changes it"], rows)


def _functions(entity: Entity) -> Shown:
    rows = [
        [one["name"], one["type"], one.get("category", "")]
        for one in sorted(entity["functions"], key=lambda one: one["name"])
    ]
    yield listing(["Function", "Kind", "Family"], rows)
    yield "For all about one: DESCRIBE FUNCTION <Function>;"


def _function(entity: Entity) -> Shown:
    yield f"{entity['name']} ({entity['type'].lower()}): {entity['description']}"
    for variant in entity["functions"]:
        arguments = ", ".join(
            f"{one['name']} {one['type']}{'...' if one['isVariadic'] else ''}".strip() for one in variant["arguments"]
        )
        yield f"  {entity['name']}({arguments}) returns {variant['returnType']}"
        if variant["description"] and variant["description"] != entity["description"]:
            yield f"    {variant['description']}"


def _types(entity: Entity) -> Shown:
    yield listing(["Type", "Stands for"], [[name, type_text(of)] for name, of in entity["types"].items()])


def _variables(entity: Entity) -> Shown:
    yield listing(["Variable", "Value"], [[one["name"], one["value"]] for one in entity["variables"]])


def _source_description(entity: Entity) -> Shown:
    yield from _source(entity["sourceDescription"])


def _source_descriptions(entity: Entity) -> Shown:
    if not entity["sourceDescriptions"]:
        yield "There are none."
    for one in entity["sourceDescriptions"]:
        yield from _source(one)
        yield ""


def _source(source: Entity) -> Shown:
    yield f"{source['type'].capitalize()} {source['name']}"
    yield _columns(source["fields"], "PRIMARY KEY" if source["type"] == "TABLE" else "KEY")
    if not source.get("extended"):
        yield "For its topic, queries and counts: DESCRIBE <Name> EXTENDED;"
        return
    yield f"Topic      {source['topic']} ({source['partitions']} partitions)"
    yield f"Formats    key {source['keyFormat']}, value {source['valueFormat']}"
    yield f"Timestamp  {source['timestamp'] or 'that of the record'}"
    if source["windowType"]:
        yield f"Window     {source['windowType']}"
    yield f"Statement  {source['statement']}"
    for title, queries in (("Written by", source["writeQueries"]), ("Read by", source["readQueries"])):
        if queries:
            yield f"{title}:"
            yield _query_table(queries)
    if source.get("statistics"):
        yield source["statistics"]


def _columns(fields: Iterable[Entity], key: str) -> RenderableType:
    marks = {"KEY": f" ({key})", "HEADER": " (HEADER)"}
    rows = [[one["name"], type_text(one["schema"]) + marks.get(one.get("type", ""), "")] for one in fields]
    return listing(["Column", "Type"], rows)


def _query_description(entity: Entity) -> Shown:
    yield from _query(entity["queryDescription"])


def _query_descriptions(entity: Entity) -> Shown:
    if not entity["queryDescriptions"]:
        yield "No query is running."
    for one in entity["queryDescriptions"]:
        yield from _query(one)
        yield ""


def _query(query: Entity) -> Shown:
    state = f", {query['state']}" if query.get("state") else ""
    yield f"Query {query['id']} ({query['queryType']}{state})\n{query['statementText']}"
    yield _columns(query["fields"], "KEY")
    yield f"Reads {', '.join(query['sources'])}; writes {', '.join(query['sinks']) or 'to the client'}."
    yield query["executionPlan"]
    for error in query.get("queryErrors") or ():
        yield f"Error: {error['errorMessage']}"


def _asserted(entity: Entity) -> Shown:
    what: Any = entity.get("topicName") or entity.get("subject") or entity.get("id")
    yield f"{what} {'is there' if entity['exists'] else 'is not there'}, as asserted."


_KINDS: dict[str, Callable[[Entity], Shown]] = {
    "currentStatus": _status,
    "warning_entity": _warning,
    "streams": _sources,
    "tables": _sources,
    "queries": _queries,
    "kafka_topics": _topics,
    "kafka_topics_extended": _topics_extended,
    "properties": _properties,
    "function_names": _functions,
    "describe_function": _function,
    "type_list": _types,
    "variables": _variables,
    "sourceDescription": _source_description,
    "source_descriptions": _source_descriptions,
    "queryDescription": _query_description,
    "query_descriptions": _query_descriptions,
    "assert_topic": _asserted,
    "assert_schema": _asserted,
}
