"""What crosses between checks and a learner's code comes out as it went in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import Incoming, Outgoing, PcaDetector, ScorerOptions
from workshop.grading.wire import Decoder, Encoder, WireError


def refuse(value: Any) -> NoReturn:
    raise WireError("no plain data")


def crossed(value: Any) -> Any:
    message = Encoder(refuse).message({}, value=value)
    return Decoder(message, refuse).decode(message.body["value"])


@pytest.mark.parametrize(
    "value",
    [
        Connection("127.0.0.1:1", client={"acks": "all"}),
        ScorerOptions(group="g", max_rows=7),
        Incoming(1, 17, 1378022400000, b"ann", None),
        [Outgoing("scores", None, b"\xff", 0, [("dlq.reason", b"x")])],
        Path("folder/payments.csv"),
    ],
)
def test_records_options_and_paths_cross_by_value(value: Any) -> None:
    found = crossed(value)
    assert type(found) is type(value)
    assert found == value


def test_a_detector_crosses_with_its_arrays() -> None:
    rows = np.random.default_rng(1).normal(size=(30, 3))
    detector = PcaDetector.fit(["A", "B", "C"], rows, kept=1, alert_share=0.1)
    found = crossed(detector)
    assert (found.columns, found.threshold, found.version) == (detector.columns, detector.threshold, detector.version)
    np.testing.assert_array_equal(found.score(rows), detector.score(rows))


def test_a_named_tuple_that_is_not_listed_does_not_cross() -> None:
    with pytest.raises(WireError):
        crossed(np.finfo(np.float64))
