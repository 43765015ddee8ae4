"""The KSQL statements of the pipeline: one file each beside this module, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.preprocess.client import GATHERING, execute

UNLABELLED = "creditcardfraud_unlabelled"
PER_USER = "creditcardfraud_per_user"
PAYMENTS_PER_USER = "payments_per_user_5m"
SESSIONS = "payment_sessions"

SINKS = (topics.PREPROCESSED, UNLABELLED, PER_USER, PAYMENTS_PER_USER, SESSIONS)
"""The topics that the statements' queries write."""

_WAITED_FOR = frozenset({"03_preprocessed"})
"""Statements whose query lies on the way from payment to alert."""


def statements() -> dict[str, str]:
    """The statements by name (``"03_preprocessed"``), in the order in which they must be sent."""
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql")]
    return {file.name.removesuffix(".sql"): file.read_text("utf-8") for file in sorted(files, key=lambda f: f.name)}


def apply(connection: Connection, progress: Callable[[str], None] | None = None) -> None:
    """Send all statements. Those that hold already change nothing, so that this is safe to repeat.

    ``progress`` is told the name of each before it is sent. Raises ``StatementRefusedError`` and
    ``KsqlUnreachableError``.
    """
    ensure_topics(connection, {topics.SOURCE: topics.PARTITIONS})
    ensure_topics(connection, {topics.USERS: topics.PARTITIONS}, {"cleanup.policy": "compact"})
    for name, statement in statements().items():
        if progress:
            progress(name)
        execute(connection, statement, {} if name in _WAITED_FOR else GATHERING)
