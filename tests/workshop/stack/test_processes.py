"""Background processes: started, waited for, told from strangers, stopped."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import psutil
import pytest

from workshop.errors import StackError
from workshop.stack import processes
from workshop.stack.processes import Handle


def python(source: str) -> list[str]:
    return [sys.executable, "-u", "-c", source]


def test_a_process_outlives_the_call_and_stops_when_asked(tmp_path: Path) -> None:
    handle = processes.start(python("import signal; print('ready'); signal.pause()"), tmp_path / "log")
    log = tmp_path / "log"
    processes.wait_healthy("sleeper", handle, lambda: "ready" in log.read_text(), log, timeout=60)
    assert handle.is_running
    processes.stop(handle)
    assert not handle.is_running
    processes.stop(handle)  # stopping twice is harmless


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stubborn = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready')\nwhile True: signal.pause()"
    )
    handle = processes.start(python(stubborn), log)
    processes.wait_healthy("stubborn", handle, lambda: "ready" in log.read_text(), log, timeout=60)
    processes.stop(handle, patience=0.2)
    assert not handle.is_running


def test_a_process_that_ends_while_starting_is_reported_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    handle = processes.start(python("raise SystemExit('the disk is full')"), log)
    with pytest.raises(StackError, match=r"(?s)ended while starting.*the disk is full") as caught:
        processes.wait_healthy("broker", handle, lambda: False, log, timeout=60)
    assert str(log) in caught.value.hint


def test_a_process_that_never_answers_is_given_up(tmp_path: Path) -> None:
    log = tmp_path / "log"
    handle = processes.start(python("import signal; signal.pause()"), log)
    with pytest.raises(StackError, match="did not answer within"):
        processes.wait_healthy("broker", handle, lambda: False, log, timeout=0.2)
    processes.stop(handle)


def test_another_process_with_the_same_number_is_not_taken_for_ours(tmp_path: Path) -> None:
    handle = processes.start(python("import signal; signal.pause()"), tmp_path / "log")
    stranger = Handle(handle.pid, handle.created - 1)
    assert not stranger.is_running
    processes.stop(stranger)
    assert handle.is_running, "a stranger is never stopped"
    psutil.Process(handle.pid).send_signal(signal.SIGKILL)
    processes.stop(handle)


def test_a_program_that_is_asked_to_end_stops_what_it_has_started(tmp_path: Path) -> None:
    """As a demo does that a service manager, or ``timeout``, ends."""
    program = f"""
from pathlib import Path
import sys
import time
from workshop.stack import processes
with processes.sigterm_as_exit():
    handle = processes.start([sys.executable, "-c", "import time; time.sleep(600)"], Path({str(tmp_path / "child")!r}))
    try:
        print(handle.pid, handle.created)
        while True:
            time.sleep(0.05)
    finally:
        processes.stop(handle)
"""
    log = tmp_path / "log"
    parent = processes.start(python(program), log)
    processes.wait_healthy("parent", parent, lambda: log.read_text().endswith("\n"), log, timeout=60)
    pid, created = log.read_text().split()
    child = Handle(int(pid), float(created))
    assert child.is_running
    processes.stop(parent)
    assert not child.is_running
