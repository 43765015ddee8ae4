"""Which properties a session may change."""

from __future__ import annotations

import pytest

from pocket_ksql.server.properties import is_settable


@pytest.mark.parametrize(
    ("name", "settable"),
    [
        ("auto.offset.reset", True),
        ("ksql.streams.auto.offset.reset", True),
        ("ksql.streams.consumer.auto.offset.reset", True),
        ("ksql.query.pull.range.scan.enabled", True),
        ("ksql.persistence.default.format.value", True),
        ("ksql.functions.collect_list.limit", True),
        ("ksql.service.id", False),
        ("no.such.property", False),
    ],
)
def test_a_session_changes_what_queries_go_by(name: str, settable: bool) -> None:
    assert is_settable(name) is settable
