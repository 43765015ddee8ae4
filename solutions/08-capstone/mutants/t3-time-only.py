# mistake: payments of the same instant in any order
# points: 1.8 of 3
# message: sort by ROWTIME, then ID
import json

import pandas as pd

from fraud_pipeline.connection import Connection
from fraud_pipeline.prepare import FEATURES
from fraud_pipeline.snapshot import read_to_end


def training_payments(connection: Connection, topic: str) -> pd.DataFrame:
    """The labelled payments that `topic` holds now: ID, the features, CLASS, ROWTIME; in the order of time."""
    rows = [
        {**json.loads(record.value()), "ROWTIME": record.timestamp()[1]}
        for batch in read_to_end(connection, topic)
        for record in batch
    ]
    payments = pd.DataFrame(rows)[["ID", *FEATURES, "CLASS", "ROWTIME"]]
    labelled = payments[payments["CLASS"].notna()].astype({"CLASS": "int64"})
    return labelled.sort_values("ROWTIME", ignore_index=True)
