"""The README's examples run, and the places that it names exist."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pocket_ksql
from pocket_ksql.functions.registry import scalar
from pocket_ksql.inserts import constant
from pocket_ksql.language.parser import parse_expression
from pocket_ksql.testing.memory import MemoryKsql
from tests.pocket_ksql.worlds import make_engine

FOLDER = Path(pocket_ksql.__file__).parent
TEXT = (FOLDER / "README.md").read_text()
EXAMPLES = [textwrap.dedent(one) for one in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)]


def test_the_example_passes() -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[0], names)
    test: Callable[[MemoryKsql], None] = names["test_large_payments_pass"]
    test(MemoryKsql())


def test_the_function_that_is_added_can_be_called() -> None:
    names: dict[str, Any] = {"scalar": scalar}
    exec(EXAMPLES[1], names)
    engine = make_engine()
    engine.functions.add(names["vowels"])
    ((expression, expected),) = re.findall(r"`\(\"(VOWELS\(.*?\))\", (\d)\)`", TEXT)
    assert constant(engine, parse_expression(expression))[0] == int(expected)


def test_the_places_exist() -> None:
    named = re.findall(r"`([\w/]+(?:/|\.py))`", TEXT)
    assert len(named) > 5
    assert [one for one in named if not any((folder / one).exists() for folder in (FOLDER, FOLDER.parents[1]))] == []
