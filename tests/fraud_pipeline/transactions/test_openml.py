"""OpenML's copy: scikit-learn's own fetching and parsing, from its data folder instead of the network."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from fraud_pipeline.transactions import ULB_COLUMNS, HeaderError
from fraud_pipeline.transactions.openml import DATA_ID, OpenMLSource
from tests.fraud_pipeline.transactions.rows import everything, ulb_row


def fill_data_folder(home: Path, columns: list[str], rows: list[str], label_type: str = "{0,1}") -> None:
    """What scikit-learn would have kept of the data set, in the form of openml.org's answers."""
    attributes = [f"@ATTRIBUTE {name} {label_type if name == 'Class' else 'REAL'}" for name in columns]
    arff = "\n".join(["@RELATION creditcard", *attributes, "@DATA", *rows]) + "\n"
    description = {
        "id": str(DATA_ID),
        "name": "CreditCardFraudDetection",
        "version": "1",
        "description": "Payments of September 2013.",
        "format": "ARFF",
        "file_id": "1",
        "url": "https://www.openml.org/data/v1/download/1/CreditCardFraudDetection.arff",
        "default_target_attribute": "Class",
        "status": "active",
        "licence": "Public",
        "md5_checksum": hashlib.md5(arff.encode(), usedforsecurity=False).hexdigest(),
    }
    features = [
        {
            "index": str(index),
            "name": name,
            "data_type": "nominal" if name == "Class" else "numeric",
            "is_target": str(name == "Class").lower(),
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for index, name in enumerate(columns)
    ]
    answers = {
        f"api/v1/json/data/{DATA_ID}": json.dumps({"data_set_description": description}),
        f"api/v1/json/data/features/{DATA_ID}": json.dumps({"data_features": {"feature": features}}),
        f"api/v1/json/data/qualities/{DATA_ID}": json.dumps({"data_qualities": {"quality": []}}),
        "data/v1/download/1/CreditCardFraudDetection.arff": arff,
    }
    for address, text in answers.items():
        for host in ("openml.org", "www.openml.org", "api.openml.org"):
            path = home / "openml" / host / f"{address}.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(text.encode()))


@pytest.mark.parametrize(("label_type", "quote"), [("{0,1}", ""), ("{'0','1'}", "'")])
def test_payments_come_out_as_from_the_ulb_file(tmp_path: Path, label_type: str, quote: str) -> None:
    rows = [ulb_row(number, Class=f"{quote}{number % 50 // 49}{quote}") for number in range(100)]
    fill_data_folder(tmp_path, list(ULB_COLUMNS), rows, label_type)
    payments, values, rejected = everything(OpenMLSource(tmp_path).blocks())
    assert [payment["Time"] for payment in payments] == [number * 60 for number in range(100)]
    assert [payment["Class"] for payment in payments] == [number % 50 // 49 for number in range(100)]
    assert values[0].startswith(b"1,2013-09-01T00:00:00Z,user_")
    assert not rejected
    assert sum(block.rows for block in OpenMLSource(tmp_path).blocks(10)) == 10


def test_another_data_set_is_told_apart(tmp_path: Path) -> None:
    columns = [name for name in ULB_COLUMNS if name != "Time"]
    fill_data_folder(tmp_path, columns, [ulb_row(1).split(",", 1)[1]])
    with pytest.raises(HeaderError, match="missing: Time"):
        everything(OpenMLSource(tmp_path).blocks())
