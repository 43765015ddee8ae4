"""Cases from a file: ``{"tests": [{"name", "statements", "inputs", "outputs", …}]}``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One case; ``expected_error`` is what the case says about the exception it wants.

    ``responses`` are what the statements, sent one by one to the REST API, are to be answered with.
    """

    name: str
    file: str
    statements: tuple[str, ...]
    inputs: tuple[Mapping[str, Any], ...]
    outputs: tuple[Mapping[str, Any], ...]
    topics: tuple[Mapping[str, Any], ...]
    properties: Mapping[str, Any]
    expected_error: Mapping[str, Any] | None
    post: Mapping[str, Any]
    responses: tuple[Mapping[str, Any], ...] = ()
    is_rest: bool = False
    enabled: bool = True


def load(path: Path) -> Iterator[Case]:
    """Every case of a file, in order."""
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    rest = any("responses" in test or "expectedError" in test for test in content["tests"])
    for test in content["tests"]:
        for suffix, replacements in _expansions(test):
            expanded = _replace(test, replacements)
            yield Case(
                expanded["name"] + suffix,
                path.stem,
                tuple(expanded["statements"]),
                tuple(expanded.get("inputs") or ()),
                tuple(expanded.get("outputs") or ()),
                tuple(one if isinstance(one, dict) else {"name": one} for one in expanded.get("topics") or ()),
                expanded.get("properties") or {},
                expanded.get("expectedException") or expanded.get("expectedError"),
                expanded.get("post") or {},
                tuple(expanded.get("responses") or ()),
                rest,
                expanded.get("enabled", True),
            )


def _expansions(test: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for one in test.get("format") or [None]:
        for config in test.get("config") or [None]:
            replacements = {}
            suffix = ""
            if one is not None:
                replacements["{FORMAT}"] = one
                suffix += f" - {one}"
            if config is not None:
                replacements["{CONFIG}"] = str(config)
                suffix += f" - {config}"
            yield suffix, replacements


def _replace(value: Any, replacements: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in replacements.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, list):
        return [_replace(one, replacements) for one in value]
    if isinstance(value, dict):
        return {key: _replace(one, replacements) for key, one in value.items()}
    return value
