"""The doctor: a healthy machine passes, each illness is named with its remedy."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from workshop import doctor
from workshop.doctor import Verdict
from workshop.stack import jars, ports


def test_this_machine_can_run_the_kit(tmp_path: Path) -> None:
    findings = list(doctor.examine(tmp_path, tmp_path))
    assert [f.check for f in findings if f.verdict is Verdict.fail] == []
    assert len({f.check for f in findings}) == len(findings) == 8


@pytest.mark.parametrize("release", [(3, 10), (3, 14)])
def test_a_python_without_tensorflow_is_named(release: tuple[int, int]) -> None:
    finding = doctor.check_python(release)
    assert finding.verdict is Verdict.fail
    assert "PYTHON=python3" in finding.remedy


def test_too_little_memory_or_disk_is_named_with_what_helps(tmp_path: Path) -> None:
    assert doctor.check_memory(2 * 2**30).verdict is Verdict.fail
    assert "--rows" in doctor.check_memory(2 * 2**30).remedy
    finding = doctor.check_disk(tmp_path / "not" / "made" / "yet", free_bytes=2**20)
    assert finding.verdict is Verdict.fail
    assert "WORKSHOP_HOME" in finding.remedy


def test_an_altered_jar_fails_and_an_empty_cache_does_not(tmp_path: Path) -> None:
    assert doctor.check_jars(tmp_path).verdict is Verdict.note
    (tmp_path / jars.locked_jars()[0].filename).write_bytes(b"altered")
    finding = doctor.check_jars(tmp_path)
    assert finding.verdict is Verdict.fail
    assert "workshop up" in finding.remedy


def test_a_taken_port_is_a_note_because_up_picks_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        monkeypatch.setattr(doctor, "USUAL_PORTS", {"kafka": port})
        finding = doctor.check_ports(tmp_path)
    assert finding.verdict is Verdict.note
    assert f"{port} (kafka)" in finding.detail
