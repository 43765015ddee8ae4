"""The ways in without a machine of one's own: Binder's folder and the devcontainer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY

BINDER = REPOSITORY / "binder"


def test_binder_has_a_python_that_the_kit_runs_on() -> None:
    environment = yaml.safe_load((BINDER / "environment.yml").read_text("utf-8"))
    assert "python=3.12" in environment["dependencies"]


@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_binder_scripts_can_be_run(script: str) -> None:
    assert os.access(BINDER / script, os.X_OK)
    subprocess.run(["bash", "-n", BINDER / script], check=True)


def test_the_devcontainer_runs_commands_that_are_there() -> None:
    container = json.loads((REPOSITORY / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    subprocess.run([*container["postCreateCommand"].split(), "--dry-run"], cwd=REPOSITORY, check=True)
    program, *arguments = container["postStartCommand"].split()
    subprocess.run([REPOSITORY / program, *arguments, "--help"], check=True, capture_output=True)


@pytest.mark.slow
def test_binder_builds_and_starts_in_a_clean_clone(tmp_path: Path) -> None:
    clone, prefix, path = tmp_path / "clone", tmp_path / "prefix", f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for file in filter(lambda name: name and (REPOSITORY / name).is_file(), files):
        (clone / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / file, clone / file)
    jupyter = tmp_path / "jupyter"
    environment = os.environ | {
        "NB_PYTHON_PREFIX": str(prefix),
        "JUPYTER_CONFIG_DIR": str(jupyter),
        "PATH": path,
        "TMPDIR": str(tmp_path),
    }
    environment.pop("WORKSHOP_HOME", None)
    subprocess.run([clone / "binder" / "postBuild"], cwd=clone, env=environment, check=True)
    kernel = json.loads((prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json").read_text("utf-8"))
    assert Path(kernel["argv"][0]).is_relative_to(clone / ".venv")
    assert "Notebook" in (jupyter / "labconfig" / "default_setting_overrides.json").read_text("utf-8")
    started = f"until workshop topics >/dev/null 2>&1; do sleep 0.2; done; {kernel['argv'][0]} -c 'import workshop'"
    try:
        subprocess.run(
            [clone / "binder" / "start", "timeout", "120", "bash", "-c", started],
            cwd=clone,
            env=environment,
            check=True,
        )
    finally:
        subprocess.run([clone / ".venv" / "bin" / "workshop", "down"], cwd=clone, env=environment, check=True)
