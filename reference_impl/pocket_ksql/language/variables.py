"""Substitution of ``${name}`` by the variables of DEFINE."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = re.compile(rf"\$(\$\{{{NAME}\}})|\$\{{({NAME})\}}")


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with each known ``${name}`` replaced; names are compared without case, unknown ones stay.

    A second ``$`` before it makes it plain text.

    >>> substitute("LIMIT ${n}; SELECT '$${n}'", {"n": "3"})
    "LIMIT 3; SELECT '${n}'"
    """
    known = {name.upper(): value for name, value in variables.items()}
    return _VARIABLE.sub(lambda match: match[1] or known.get(match[2].upper(), match[0]), text)
