"""NONE: nothing there, whatever the bytes."""

from __future__ import annotations

from collections.abc import Iterable

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Target
from pocket_ksql.schema import Column


class NoneFormat(Format):
    """For keys that nobody reads or values that nobody needs."""

    name = "NONE"

    def check(self, columns: Iterable[Column], is_key: bool) -> None:
        listed = ", ".join(map(str, columns))
        if listed:
            raise KsqlStatementError(f"The 'NONE' format can only be used when no columns are defined. Got: [{listed}]")

    def decoder(self, target: Target) -> Decoder:
        nothing = (None,) * len(target.columns)
        return lambda data: nothing

    def encoder(self, target: Target) -> Encoder:
        return lambda row: None
