"""What a crash may lead to, in the words of the property ``processing.guarantee``."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from pocket_ksql.errors import KsqlError
from pocket_ksql.stream_properties import stream_property

_PROPERTY = "processing.guarantee"


class Guarantee(enum.StrEnum):
    """Whether records may be processed twice after a crash; lost they never are."""

    AT_LEAST_ONCE = "at_least_once"
    EXACTLY_ONCE = "exactly_once_v2"


def chosen_guarantee(properties: Mapping[str, object], default: Guarantee) -> Guarantee:
    """What a query's properties ask for. Raises KsqlError if there is no such guarantee."""
    chosen = str(stream_property(properties, _PROPERTY, default))
    try:
        return Guarantee(chosen.lower())
    except ValueError:
        known = ", ".join(Guarantee)
        raise KsqlError(
            f"Invalid value {chosen} for configuration {_PROPERTY}: String must be one of: {known}"
        ) from None
