"""Payments of a later year: customers have changed their ways, and so have the thieves.

A third of the normal payments are made by telephone, which nobody did when the data of :mod:`synthetic` were
measured: they are unlike the others in some columns. Frauds no longer stand out where they did. Thieves have learnt
to imitate the columns that gave them away, and betray themselves in others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fraud_pipeline.transactions.delimited import to_lines
from fraud_pipeline.transactions.schema import FEATURES
from fraud_pipeline.transactions.source import Block
from fraud_pipeline.transactions.synthetic import FRAUD_SHARE, SyntheticSource, populations

PHONE_SHARE = 0.35
"""Share of the normal payments that are made by telephone."""
PHONE: Mapping[str, float] = {"V2": -8.0, "V3": 8.0, "V9": -7.5, "V11": 7.0, "V16": 6.5, "V19": -6.5}
"""What a payment by telephone adds to some columns."""
BETRAYING: Mapping[str, float] = {"V13": 6.0, "V15": -6.0, "V18": 5.0, "V22": 4.5, "V24": -3.8, "V25": 3.4, "V26": 3.2}
"""What a fraud adds to some columns of a payment that would otherwise be normal."""
_SPREAD = 0.3
"""Relative standard deviation of these additions, from payment to payment."""
_HIDDEN = 0.06
"""Share of the frauds that look like any payment, as in :mod:`synthetic`."""
_DECIMALS = 12
_STREAM = 1  # random numbers apart from those of the payments that are changed


@dataclass(frozen=True)
class ChangedSource:
    """An endless supply, with the same people, hours and share of frauds as :class:`SyntheticSource`."""

    seed: int = 0
    fraud_share: float = FRAUD_SHARE
    name: str = "changed"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """Yield ``rows`` payments (default: as many as the ULB data set has) in the order of time."""
        for number, block in enumerate(SyntheticSource(self.seed, self.fraud_share).blocks(rows)):
            payments = _changed(block.payments, np.random.default_rng([self.seed, number, _STREAM]))
            yield Block(payments, to_lines(payments))


def _changed(payments: pa.RecordBatch, rng: np.random.Generator) -> pa.RecordBatch:
    values = np.column_stack([payments.column(name).to_numpy() for name in FEATURES])
    is_fraud = payments.column("Class").to_numpy() == 1
    # A thief begins with what any payment looks like; the amount stays that of the fraud.
    values[is_fraud] = populations()[0].draw(rng, int(is_fraud.sum()))[:, : len(FEATURES)]
    by_phone = ~is_fraud & (rng.random(len(values)) < PHONE_SHARE)
    betrayed = is_fraud & (rng.random(len(values)) >= _HIDDEN)
    for rows, additions in ((by_phone, PHONE), (betrayed, BETRAYING)):
        for name, most in additions.items():
            factors = 1 + _SPREAD * rng.standard_normal(int(rows.sum()))
            values[rows, FEATURES.index(name)] += most * factors
    for index, name in enumerate(FEATURES):
        place = payments.schema.get_field_index(name)
        payments = payments.set_column(place, payments.schema.field(name), pa.array(values[:, index].round(_DECIMALS)))
    return payments
