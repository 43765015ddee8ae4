"""Scalable push queries: which they are, and which records they see.

A ksqlDB server on which they are enabled answers a simple push query that begins at the end (``latest``) not from the
topic but from the persistent query that writes it, which many readers can share. The rows are the same, but that it
leaves out records with a NULL key or value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.metastore import Metastore
from pocket_ksql.planner.resolve import Resolved
from pocket_ksql.records import Record
from pocket_ksql.source import Source
from pocket_ksql.stream_properties import offset_reset

ENABLED = "ksql.query.push.v2.enabled"

_NOT_KNOWN = frozenset({"ROWPARTITION", "ROWOFFSET"})


def is_scalable(query: Resolved, metastore: Metastore, properties: Mapping[str, Any]) -> bool:
    """Whether ksqlDB would answer a push query from a running one: the only one that writes its only source."""
    if str(properties.get(ENABLED, "false")).lower() != "true" or offset_reset(properties) != "latest":
        return False
    tree = query.query
    if tree.joins or tree.window or tree.group_by or tree.partition_by or tree.having:
        return False
    source = query.sources[0].source
    writers = [one for one in metastore.queries.values() if one.sink is not None and one.sink.name == source.name]
    if not source.created_as or len(writers) != 1:
        return False
    expressions = [one.expression for one in tree.select if isinstance(one, st.SelectColumn | st.SelectStruct)]
    if tree.where is not None:
        expressions.append(tree.where)
    named = {part.name for one in expressions for part in ex.walk(one) if isinstance(part, ex.ColumnRef)}
    return not named & _NOT_KNOWN


def is_seen(source: Source) -> Callable[[Record], bool]:
    """Which records of ``source`` a scalable push query sees."""
    keyed = bool(source.schema.key)
    return lambda record: record.value is not None and (record.key is not None or not keyed)
