# mistake: trains from the file, as in 2019
# points: 0 of 3
# message: Where do these come from?
import pandas as pd

from fraud_pipeline.prepare import FEATURES


def training_payments(connection, topic):
    payments = pd.read_csv(LAST_YEAR)
    return payments[["ID", *FEATURES, "CLASS", "ROWTIME"]].sort_values("ROWTIME", ignore_index=True)
