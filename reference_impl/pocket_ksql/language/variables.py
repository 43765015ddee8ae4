"""Substitution of ``${name}`` by the variables of DEFINE."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with each known ``${name}`` replaced; names are compared without case, unknown ones stay.

    >>> substitute("LIMIT ${n};", {"n": "3"})
    'LIMIT 3;'
    """
    known = {name.upper(): value for name, value in variables.items()}
    return _VARIABLE.sub(lambda match: known.get(match[1].upper(), match[0]), text)
