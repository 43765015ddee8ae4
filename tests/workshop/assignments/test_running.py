"""Cells in a process of their own: how often they are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.assignments.cell_process import Cells
from workshop.assignments.running import run

_TRY = """
import faulthandler, os
faulthandler.disable()  # its report would look like that of a test run which has crashed
with open({log!r}, "a") as log:
    log.write("x")
    tries = log.tell()
{then}
"""


@pytest.mark.parametrize(
    ("then", "tries"),
    [
        ("pass", 1),
        ("os._exit(0)", 1),
        ("if tries == 1: os.abort()", 2),
        ("os.abort()", 2),
        ("os.kill(os.getpid(), 11)", 2),
    ],
)
def test_what_a_library_brought_down_is_tried_once_more(tmp_path: Path, then: str, tries: int) -> None:
    log = tmp_path / "log"
    cells = Cells([_TRY.format(log=str(log), then=then)], {})

    ((label, _),) = run([("job", cells)], None)

    assert label == "job"
    assert log.read_text() == "x" * tries
