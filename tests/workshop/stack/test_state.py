"""The record of what is up."""

from __future__ import annotations

from pathlib import Path

import pytest

from fraud_pipeline.connection import Connection
from workshop.errors import StackError
from workshop.stack import state
from workshop.stack.kafka import CLIENT
from workshop.stack.processes import Handle
from workshop.stack.state import StackState


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    saved = StackState("embedded", Connection("127.0.0.1:1", client=CLIENT), {"kafka": 1}, {"kafka": Handle(7, 1.5)})
    state.save(tmp_path, saved)
    assert state.load(tmp_path) == saved
    state.forget(tmp_path)
    assert state.load(tmp_path) is None


def test_secrets_stay_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_KAFKA_SASL_PASSWORD", "s3cret")
    state.save(tmp_path, StackState("external", Connection.from_environment()))
    assert "s3cret" not in (tmp_path / "stack.json").read_text()
    loaded = state.load(tmp_path)
    assert loaded is not None
    assert loaded.connection.kafka()["sasl.password"] == "s3cret"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"backend": "embedded", "connection": {"nope": 1}}', "\x00"])
def test_a_damaged_record_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "stack.json").write_text(content)
    with pytest.raises(StackError) as caught:
        state.load(tmp_path)
    assert "workshop up" in caught.value.hint
