"""The README's example runs, and the places that it names exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pocket_ksql
from pocket_ksql.testing.memory import MemoryKsql

FOLDER = Path(pocket_ksql.__file__).parent
TEXT = (FOLDER / "README.md").read_text()


def test_the_example_passes() -> None:
    names: dict[str, Any] = {}
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(example, names)
    test: Callable[[MemoryKsql], None] = names["test_large_payments_pass"]
    test(MemoryKsql())


def test_the_places_exist() -> None:
    named = re.findall(r"`([\w/]+(?:/|\.py))`", TEXT)
    assert len(named) > 5
    assert [one for one in named if not (FOLDER / one).exists()] == []
