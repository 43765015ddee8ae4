"""A clean slate for a run: what an earlier one has left on the platform is taken away."""

from __future__ import annotations

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from tenacity import Retrying, retry, retry_if_exception, retry_if_result, stop_after_delay, wait_fixed

from fraud_pipeline import preprocess, topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.scorer import ScorerOptions
from workshop.errors import WorkshopError

_OWN_TOPICS = tuple(dict.fromkeys((topics.SOURCE, topics.USERS, topics.SCORES, topics.ALERTS, *preprocess.SINKS)))


_SESSION_TO_END = ScorerOptions.takeover_seconds + 5
"""Seconds after which Kafka has certainly noticed that a scorer has gone."""


def clear(connection: Connection, patience: float = _SESSION_TO_END) -> None:
    """Remove the pipeline's queries, streams, tables, topics and the scorer's consumer group, and nothing else.

    A scorer that has just stopped stays a member of its group until its session ends: that is waited for, up to
    ``patience`` seconds. Raises ``WorkshopError`` if one is still running; then nothing has been removed.
    """
    admin = AdminClient(connection.kafka())
    _delete_group(admin, ScorerOptions.group, patience)
    preprocess.remove(connection)
    doomed = _present(admin)
    for future in (admin.delete_topics(doomed, operation_timeout=30) if doomed else {}).values():
        future.result()
    _wait_gone(admin)


def _delete_group(admin: AdminClient, group: str, patience: float) -> None:
    while_it_has_members = Retrying(
        retry=retry_if_exception(lambda error: _is(error, KafkaError.NON_EMPTY_GROUP)),
        wait=wait_fixed(0.2),
        stop=stop_after_delay(patience),
        reraise=True,
    )
    try:
        while_it_has_members(lambda: admin.delete_consumer_groups([group])[group].result())
    except KafkaException as error:
        if _is(error, KafkaError.NON_EMPTY_GROUP):
            raise WorkshopError(
                f"A scorer of the group {group} is still running.", hint="Stop it, then run the command again."
            ) from None
        if not _is(error, KafkaError.GROUP_ID_NOT_FOUND):
            raise


def _is(error: BaseException, code: int) -> bool:
    return isinstance(error, KafkaException) and error.args[0].code() == code


def remove_readers(connection: Connection) -> list[str]:
    """Drop the streams and tables that others have made from the pipeline's, with queries and topics; their names.

    While one of them reads a stream of the pipeline, :func:`clear` is refused.
    """
    tables = _names(connection, "TABLES")
    own = {name.upper() for _, name in preprocess.created()}
    present = [name for name in sorted(tables | _names(connection, "STREAMS")) if name in own]
    removed: list[str] = []

    def remove_those_of(name: str) -> None:
        for query in preprocess.execute(connection, f"DESCRIBE `{name}`;")[0]["sourceDescription"]["readQueries"]:
            for sink in query["sinks"]:
                if sink not in own and sink not in removed:
                    remove_those_of(sink)
                    preprocess.execute(connection, f"TERMINATE {query['id']};")
                    kind = "TABLE" if sink in tables else "STREAM"
                    preprocess.execute(connection, f"DROP {kind} `{sink}` DELETE TOPIC;")
                    removed.append(sink)

    for name in present:
        remove_those_of(name)
    return removed


def _names(connection: Connection, kind: str) -> set[str]:
    found = preprocess.execute(connection, f"SHOW {kind};")[0]
    return {one["name"] for one in found[kind.lower()]}


def _present(admin: AdminClient) -> list[str]:
    known = admin.list_topics(timeout=10).topics
    return [name for topic in _OWN_TOPICS for name in (topic, topics.dead_letters(topic)) if name in known]


@retry(retry=retry_if_result(bool), wait=wait_fixed(0.1), stop=stop_after_delay(30))
def _wait_gone(admin: AdminClient) -> list[str]:
    """A broker deletes in the background; a topic of the same name must wait for it."""
    return _present(admin)
