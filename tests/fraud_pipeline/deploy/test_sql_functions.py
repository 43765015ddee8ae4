"""The detector in SQL scores as it does in Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from fraud_pipeline.deploy import sql_functions
from fraud_pipeline.prepare import FEATURES
from fraud_pipeline.train.bundle import Bundle, save_bundle
from pocket_ksql.engine import Engine
from pocket_ksql.functions import builtin, user
from pocket_ksql.outcomes import QueryStarted
from pocket_ksql.records import Record
from pocket_ksql.services import MemorySchemas, MemoryTopics
from tests.fraud_pipeline.deploy.bundles import made_up_bundle

SQL = Path(sql_functions.__file__).with_name("scores_in_sql.sql")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    made = made_up_bundle(np.random.default_rng(7), FEATURES)
    monkeypatch.setenv(sql_functions.BUNDLE, str(save_bundle(made, tmp_path / "bundle")))
    return made


def test_the_query_s_scores_are_the_scorer_s(bundle: Bundle) -> None:
    registry = builtin()
    user.register(registry, "fraud_pipeline.deploy.sql_functions")
    engine = Engine(MemoryTopics(default_partitions=3), MemorySchemas(), registry)
    columns = ", ".join(f"{name} DOUBLE" for name in FEATURES)
    source = (
        f"CREATE STREAM creditcardfraud_preprocessed (CardHolder VARCHAR KEY, Id BIGINT, {columns}) "
        "WITH (KAFKA_TOPIC='p', VALUE_FORMAT='JSON');"
    )
    outcome = [engine.execute(one) for one in engine.prepare(source + SQL.read_text())][-1]
    assert isinstance(outcome, QueryStarted)
    assert outcome.query is not None
    features = np.random.default_rng(8).normal(size=(50, len(FEATURES)))
    records = [
        Record(b"u", orjson.dumps({"ID": index, **dict(zip(FEATURES, row, strict=True))}), 0)
        for index, row in enumerate(features.tolist())
    ]
    rows = [orjson.loads(one.value or b"") for one in outcome.query.open().process("p", records)]
    np.testing.assert_allclose([row["SCORE"] for row in rows], bundle.score(features), rtol=0, atol=1e-9)
    assert {row["THRESHOLD"] for row in rows} == {1.5}


def test_without_a_bundle_the_score_is_null_and_the_reason_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sql_functions.BUNDLE, raising=False)
    with pytest.raises(Exception, match=sql_functions.BUNDLE):
        sql_functions.fraud_score([0.0])


def test_a_null_among_the_columns_is_no_score(bundle: Bundle) -> None:
    row: list[float | None] = [0.5] * len(FEATURES)
    row[3] = None
    with pytest.raises(ValueError, match="V4 is not a finite number"):
        sql_functions.fraud_score(row)  # type: ignore[arg-type]  # SQL may put NULL into an array of numbers
