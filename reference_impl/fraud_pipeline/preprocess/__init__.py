"""Preprocessing in KSQL: the statements (``*.sql``), and what sends them and waits for them.

``client``      ``execute`` a statement, ``stream_rows`` of a query
``statements``  the statements by name, and ``apply``, which sends them all
``removal``     ``remove`` takes all of it away again; ``created`` says what that is
``users``       the card holders, for the table ``users``
``progress``    ``wait_until_caught_up``: until the queries have read all there is
"""

from fraud_pipeline.preprocess.client import (
    KsqlError,
    KsqlUnreachableError,
    StatementRefusedError,
    execute,
    stream_rows,
)
from fraud_pipeline.preprocess.progress import NotCaughtUpError, wait_until_caught_up
from fraud_pipeline.preprocess.removal import created, remove
from fraud_pipeline.preprocess.statements import SINKS, UNLABELLED, apply, statements
from fraud_pipeline.preprocess.users import produce_users

__all__ = [
    "SINKS",
    "UNLABELLED",
    "KsqlError",
    "KsqlUnreachableError",
    "NotCaughtUpError",
    "StatementRefusedError",
    "apply",
    "created",
    "execute",
    "produce_users",
    "remove",
    "statements",
    "stream_rows",
    "wait_until_caught_up",
]
