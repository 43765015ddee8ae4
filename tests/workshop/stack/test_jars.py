"""The lock of Kafka's jars: what it holds, and what happens to a jar that does not match it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from workshop import places
from workshop.stack import jars
from workshop.stack.jars import Jar, JarError

SMALL = Jar("org.slf4j", "slf4j-api", "1.7.36", next(j.sha256 for j in jars.locked_jars() if j.artifact == "slf4j-api"))


def test_the_lock_names_the_broker_connect_and_the_file_connector_at_one_version() -> None:
    versions = {jar.artifact: jar.version for jar in jars.locked_jars() if jar.group == "org.apache.kafka"}
    wanted = {"kafka_2.13", "kafka-clients", "connect-runtime", "connect-file", "kafka-tools"}
    assert wanted <= versions.keys()
    assert set(versions.values()) == {"4.1.1"}


def test_every_line_of_the_lock_is_coordinates_and_a_checksum() -> None:
    for jar in jars.locked_jars():
        assert len(bytes.fromhex(jar.sha256)) == hashlib.sha256().digest_size
        assert jar.group
        assert jar.version


def test_a_missing_or_altered_jar_is_fetched_again(tmp_path: Path) -> None:
    altered = tmp_path / SMALL.filename
    altered.write_bytes(b"not a jar")
    assert jars.damaged([SMALL], tmp_path) == [SMALL]
    seen: list[tuple[int, int]] = []
    assert jars.ensure([SMALL], tmp_path, lambda done, total: seen.append((done, total))) == [altered]
    assert jars.damaged([SMALL], tmp_path) == []
    assert seen == [(0, 1), (1, 1)]
    assert list(tmp_path.iterdir()) == [altered], "nothing is left of the download"


def test_a_jar_with_another_checksum_is_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars._fetch.retry, "wait", lambda state: 0)
    forged = Jar(SMALL.group, SMALL.artifact, SMALL.version, "0" * 64)
    with pytest.raises(JarError, match="SHA-256 differs"):
        jars.ensure([forged], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_jar_that_nobody_has_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars._fetch.retry, "wait", lambda state: 0)
    with pytest.raises(JarError, match=r"no-such-jar-1\.jar") as caught:
        jars.ensure([Jar("org.example.none", "no-such-jar", "1", "0" * 64)], tmp_path)
    assert "run the command again" in caught.value.hint


def test_the_jars_of_the_running_stack_are_intact(kafka: object) -> None:
    assert jars.damaged(jars.locked_jars(), places.cache() / "jars") == []
