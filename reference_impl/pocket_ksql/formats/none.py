"""NONE: nothing there, whatever the bytes."""

from __future__ import annotations

from pocket_ksql.formats.base import Decoder, Encoder, Format, Target


class NoneFormat(Format):
    """For keys that nobody reads or values that nobody needs."""

    name = "NONE"

    def decoder(self, target: Target) -> Decoder:
        nothing = (None,) * len(target.columns)
        return lambda data: nothing

    def encoder(self, target: Target) -> Encoder:
        return lambda row: None
