"""A measurement as a ratio: ours against a named peer, from one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """``ours`` and ``peer`` in the same ``unit``, of which more is better; ``ratio`` is ours over the peer's."""

    what: str
    peer_name: str
    unit: str
    ours: float
    peer: float
    ratio: float

    @classmethod
    def of_medians(cls, what: str, peer_name: str, unit: str, ours: Sequence[float], peers: Sequence[float]) -> Ratio:
        """From runs taken in turn: the median rates, and the median of the ratios run by run."""
        ratios = [mine / theirs for mine, theirs in zip(ours, peers, strict=True)]
        return cls(what, peer_name, unit, median(ours), median(peers), median(ratios))
