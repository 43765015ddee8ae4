"""How far the persistent queries have come: what their consumer groups have committed, against what there is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable

from confluent_kafka.admin import AdminClient, OffsetSpec

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import Place, committed_offsets, describe_group, edge_offsets
from fraud_pipeline.preprocess.client import KsqlError, execute
from fraud_pipeline.preprocess.statements import SINKS

_GROUP = "_confluent-ksql-.*query_{}"
_BETWEEN_LOOKS = 0.1


class NotCaughtUpError(KsqlError):
    """The queries did not get to the end of their topics in time."""


def wait_until_caught_up(
    connection: Connection,
    timeout: float = 120.0,
    *,
    sinks: Collection[str] = SINKS,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Wait until the persistent queries that write ``sinks`` have read, and committed, all that there is to read.

    ``progress`` is told how many records are left. Raises ``NotCaughtUpError`` after ``timeout`` seconds, and
    ``KsqlError`` at once if a query is not there or has failed.
    """
    admin = AdminClient(connection.kafka())
    queries = _queries_writing(connection, sinks)
    deadline = time.monotonic() + timeout
    while left := records_left(admin, queries):
        if time.monotonic() > deadline:
            behind = "; ".join(f"{query}: {_left(count)}" for query, count in left.items())
            raise NotCaughtUpError(f"After {timeout:g} s the queries still have records to read. {behind}")
        if progress and None not in left.values():
            progress(sum(count or 0 for count in left.values()))
        time.sleep(_BETWEEN_LOOKS)  # between two looks at the condition
        queries = _queries_writing(connection, sinks)


def _left(count: int | None) -> str:
    return "not started" if count is None else f"{count} left"


def _queries_writing(connection: Connection, sinks: Collection[str]) -> list[str]:
    """Ids of the persistent queries that write these topics. Raises ``KsqlError`` if one is missing or in error."""
    running: dict[str, str] = {}
    for query in execute(connection, "SHOW QUERIES;")[0]["queries"]:
        written = set(query["sinkKafkaTopics"]) & set(sinks)
        if written and query["state"] == "ERROR":
            raise KsqlError(
                f"Query {query['id']}, which writes {', '.join(written)}, has failed. See the server's log."
            )
        running |= dict.fromkeys(written, query["id"])
    if missing := sorted(set(sinks) - set(running)):
        raise KsqlError(f"No query writes {', '.join(missing)}. Send the statements first.")
    return sorted(set(running.values()))


def records_left(admin: AdminClient, queries: Iterable[str]) -> dict[str, int | None]:
    """Records that each query has yet to read; queries that have read all are left out.

    None stands for a query whose group has not read or been given a partition yet.

    What is committed is looked up for all queries before the ends of the topics. A query commits after it has
    written, so an end that was looked up later holds everything that came of what was committed: nobody is
    caught up only because those before it are not.
    """
    groups = [group.group_id for group in admin.list_consumer_groups().result().valid]
    committed = {query: _committed(admin, _group_of(query, groups)) for query in queries}
    read = {place for places in committed.values() for place in places}
    first, behind = (edge_offsets(admin, read, edge) for edge in (OffsetSpec.earliest(), OffsetSpec.latest()))
    left: dict[str, int | None] = {}
    for query, places in committed.items():
        if not places:
            left[query] = None
        elif count := sum(max(0, behind[place] - max(offset, first[place])) for place, offset in places.items()):
            left[query] = count
    return left


def _group_of(query: str, groups: Iterable[str]) -> str | None:
    pattern = re.compile(_GROUP.format(re.escape(query)))
    return next(filter(pattern.fullmatch, groups), None)


def _committed(admin: AdminClient, group: str | None) -> dict[Place, int]:
    """The next offset to read of each partition that the group has; 0 where it has committed none yet."""
    if group is None:
        return {}
    members = describe_group(admin, group).members
    assigned = [place for member in members for place in member.assignment.topic_partitions]
    return {(place.topic, place.partition): 0 for place in assigned} | committed_offsets(admin, group)
