# way: pandas reads the values as lines of JSON
import io

import pandas as pd

from fraud_pipeline.prepare import FEATURES
from fraud_pipeline.snapshot import read_to_end


def training_payments(connection, topic):
    records = [record for batch in read_to_end(connection, topic) for record in batch]
    text = b"\n".join(record.value() for record in records)
    # precise_float: otherwise the last digit may differ
    payments = pd.read_json(io.BytesIO(text), lines=True, precise_float=True, dtype=False)
    payments["ROWTIME"] = [record.timestamp()[1] for record in records]
    payments = payments.dropna(subset=["CLASS"]).sort_values(by=["ROWTIME", "ID"])
    payments["CLASS"] = payments["CLASS"].astype(int)
    return payments.reindex(columns=["ID", *FEATURES, "CLASS", "ROWTIME"])
