"""Taking the pipeline's streams, tables and queries away again, topics included."""

from __future__ import annotations

import re

from fraud_pipeline.connection import Connection
from fraud_pipeline.preprocess.client import execute
from fraud_pipeline.preprocess.statements import SINKS, statements

_CREATED = re.compile(r"^CREATE (STREAM|TABLE) IF NOT EXISTS (\w+)", re.MULTILINE)


def remove(connection: Connection) -> None:
    """Terminate the queries that write :data:`SINKS`, then drop every stream and table that ``apply`` made.

    Their topics are deleted with them. What is not there is passed over, so that this is safe to repeat. Raises
    ``StatementRefusedError``, for example when a query of somebody else still reads one of the streams.
    """
    for query in execute(connection, "SHOW QUERIES;")[0]["queries"]:
        if set(query["sinkKafkaTopics"]) & set(SINKS):
            execute(connection, f"TERMINATE {query['id']};")
    for kind, name in reversed(created()):
        execute(connection, f"DROP {kind} IF EXISTS {name} DELETE TOPIC;")


def created() -> list[tuple[str, str]]:
    """What the statements create, in order: ``("STREAM", "creditcardfraud_source")``, …"""
    return [match.groups() for text in statements().values() if (match := _CREATED.search(text))]  # type: ignore[misc]
