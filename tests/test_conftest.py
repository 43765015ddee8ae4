"""Container tests: skipped where there is no Docker, and a failure where Docker is required."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

REPOSITORY = Path(__file__).resolve().parents[1]

CONTAINER_TESTS = """
import pytest

@pytest.mark.container
def test_needs_docker(docker):
    pass

@pytest.mark.container
def test_skips_by_itself():
    pytest.skip("not today")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A session of its own, with the fixtures and hooks of this one and no Docker to be found."""
    pytester.makepyfile(CONTAINER_TESTS)
    pytester.makeconftest("from tests.conftest import *")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{pytester.path}/no-docker.sock")
    return pytester


def test_without_docker_container_tests_are_skipped(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_REQUIRE_DOCKER", raising=False)
    result = run.runpytest_subprocess()
    result.assert_outcomes(skipped=2)
    assert result.ret == pytest.ExitCode.OK


def test_where_docker_is_required_each_skip_is_a_failure(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_REQUIRE_DOCKER", "1")
    run.runpytest_subprocess("-k", "needs_docker").assert_outcomes(errors=1)
    assert run.runpytest_subprocess("-k", "by_itself").ret == pytest.ExitCode.TESTS_FAILED
