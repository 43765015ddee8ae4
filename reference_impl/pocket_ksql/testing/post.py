"""What a case says must be true afterwards: the sources that then exist, and their topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql.engine import Engine
from pocket_ksql.errors import KsqlError
from pocket_ksql.language.parser import parse_columns
from pocket_ksql.source import Source


def difference(post: Mapping[str, Any], engine: Engine) -> str | None:
    """The first thing that is not as ``post`` says, or ``None``. Internal topics and schemas are not looked at."""
    for wanted in post.get("sources") or ():
        problem = _source(wanted, engine)
        if problem:
            return f"afterwards: source {wanted['name']} {problem}"
    topics = post.get("topics")
    for wanted in topics.get("topics", ()) if isinstance(topics, Mapping) else ():
        problem = _topic(wanted, engine)
        if problem:
            return f"afterwards: topic {wanted['name']} {problem}"
    return None


def _source(wanted: Mapping[str, Any], engine: Engine) -> str | None:
    source = engine.metastore.sources.get(wanted["name"])
    if source is None:
        return "does not exist"
    if source.kind.value != wanted["type"].upper():
        return f"is a {source.kind.value}, expected a {wanted['type'].upper()}"
    if "isSource" in wanted and source.read_only != wanted["isSource"]:
        return f"is {'' if source.read_only else 'not '}read-only"
    if "schema" in wanted:
        expected, actual = _columns(wanted["schema"], engine), _described(source)
        if expected != actual:
            return f"has another schema\n  expected: {wanted['schema']}\n  actual:   {source.schema}"
    return _formats(wanted, source)


def _columns(text: str, engine: Engine) -> list[tuple[Any, ...]]:
    try:
        columns = parse_columns(text, engine.metastore.types)
    except KsqlError as error:
        return [(f"unreadable: {error.message}",)]
    return [(one.name, str(one.type), one.place, one.header) for one in columns]


def _described(source: Source) -> list[tuple[Any, ...]]:
    return [(one.name, str(one.type), one.place, one.header) for one in source.schema]


def _formats(wanted: Mapping[str, Any], source: Source) -> str | None:
    for side, spec in (("key", source.key_format), ("value", source.value_format)):
        given = wanted.get(f"{side}Format")
        expected = given.get("format") if isinstance(given, Mapping) else given
        if expected is not None and expected.upper() != spec.name:
            return f"has the {side} format {spec.name}, expected {expected}"
        window = given.get("windowType") if isinstance(given, Mapping) else None
        actual = None if source.window is None else source.window.kind.value
        if window is not None and window != actual:
            return f"has keys in {actual or 'no'} windows, expected {window}"
    return None


def _topic(wanted: Mapping[str, Any], engine: Engine) -> str | None:
    name = wanted["name"]
    source = next((one for one in engine.metastore.sources.values() if one.topic == name), None)
    if source is None:
        return None
    partitions = engine.topics.partitions(name)
    if "partitions" in wanted and wanted["partitions"] != partitions:
        return f"has {partitions} partitions, expected {wanted['partitions']}"
    return _formats(wanted, source)
